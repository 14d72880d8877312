"""The official SDK: its REST client with nothing but the base path set. Its models read every answer."""
from binance_sdk_derivatives_trading_usds_futures import DerivativesTradingUsdsFutures
from binance_common.configuration import ConfigurationRestAPI
from binance_common.errors import BadRequestError
from stand import URL, check, credentials, equal, mark, refused


def client(name):
    key, secret = credentials(name)
    return DerivativesTradingUsdsFutures(
        config_rest_api=ConfigurationRestAPI(api_key=key, api_secret=secret, base_path=URL)).rest_api


maker, taker = client("alice"), client("bob")
check(maker.check_server_time().data().server_time > 0, "time")
equal([each.symbol for each in maker.exchange_information().data().symbols], ["BTCUSDT", "ETHUSDT"], "symbols")
taker.change_initial_leverage(symbol="BTCUSDT", leverage=20)
taker.change_margin_type(symbol="BTCUSDT", margin_type="ISOLATED")
refused(BadRequestError, taker.change_margin_type, symbol="BTCUSDT", margin_type="ISOLATED")
placed = maker.new_order(
    symbol="BTCUSDT", side="SELL", type="LIMIT", time_in_force="GTC", quantity=0.2, price=50_000).data()
equal(placed.status, "NEW", "placed")
changed = maker.modify_order(
    symbol="BTCUSDT", side="SELL", quantity=0.3, price=50_000, order_id=placed.order_id).data()
equal(changed.orig_qty, "0.3", "amended")
equal(maker.query_order(symbol="BTCUSDT", order_id=placed.order_id).data().orig_qty, "0.3", "asked")
bought = taker.new_order(symbol="BTCUSDT", side="BUY", type="MARKET", quantity=0.1).data()
equal((bought.status, bought.executed_qty), ("FILLED", "0.1"), "bought")
stop = taker.new_algo_order(
    algo_type="CONDITIONAL", symbol="BTCUSDT", side="SELL", type="STOP_MARKET", quantity=0.1, trigger_price=45_000).data()
equal(stop.algo_status, "NEW", "stop")
equal(len(taker.current_all_algo_open_orders(symbol="BTCUSDT").data()), 1, "waiting orders")
taker.cancel_algo_order(algo_id=stop.algo_id)
equal(len(maker.current_all_open_orders(symbol="BTCUSDT").data()), 1, "open orders")
maker.cancel_order(symbol="BTCUSDT", order_id=placed.order_id)
(position,) = taker.position_information_v3(symbol="BTCUSDT").data()
equal((position.position_amt, position.isolated_wallet), ("0.1", "250"), "position")
check(taker.position_information_v2(symbol="BTCUSDT").data(), "position, as before")
taker.modify_isolated_position_margin(symbol="BTCUSDT", amount=50, type=1)
equal(len(taker.get_position_margin_change_history(symbol="BTCUSDT").data()), 1, "margin history")
check(float(taker.account_information_v3().data().total_wallet_balance) > 0, "account")
check(float(taker.account_information_v2().data().total_wallet_balance) > 0, "account, as before")
equal(taker.futures_account_balance_v3().data()[0].asset, "USDT", "balance")
taker.futures_account_configuration()
taker.symbol_configuration(symbol="BTCUSDT")
taker.notional_and_leverage_brackets(symbol="BTCUSDT").data()
taker.position_adl_quantile_estimation(symbol="BTCUSDT").data()
taker.user_commission_rate(symbol="BTCUSDT").data()
equal(taker.get_current_position_mode().data().dual_side_position, False, "position mode")
equal(taker.get_current_multi_assets_mode().data().multi_assets_margin, False, "one currency backs positions")
equal(len(taker.account_trade_list(symbol="BTCUSDT").data()), 1, "fills")
check(taker.get_income_history().data(), "income")
check(taker.all_orders(symbol="BTCUSDT").data(), "orders")
equal(taker.users_force_orders(auto_close_type="LIQUIDATION").data(), [], "forced orders")
taker.auto_cancel_all_open_orders(symbol="BTCUSDT", countdown_time=0)
for ask in (
    lambda: maker.mark_price(symbol="BTCUSDT"), lambda: maker.order_book(symbol="BTCUSDT"),
    lambda: maker.recent_trades_list(symbol="BTCUSDT"), lambda: maker.compressed_aggregate_trades_list(symbol="BTCUSDT"),
    lambda: maker.kline_candlestick_data(symbol="BTCUSDT", interval="1m"),
    lambda: maker.mark_price_kline_candlestick_data(symbol="BTCUSDT", interval="1m"),
    lambda: maker.get_funding_rate_history(symbol="BTCUSDT"), lambda: maker.get_funding_rate_info(),
    lambda: maker.open_interest(symbol="BTCUSDT"), lambda: maker.ticker24hr_price_change_statistics(symbol="BTCUSDT"),
    lambda: maker.symbol_price_ticker(symbol="BTCUSDT"), lambda: maker.symbol_order_book_ticker(symbol="BTCUSDT"),
    lambda: maker.query_insurance_fund_balance_snapshot(symbol="BTCUSDT"), lambda: maker.adl_risk(symbol="BTCUSDT"),
):
    ask().data()
key = maker.start_user_data_stream().data().listen_key
check(key, "listening key")
maker.keepalive_user_data_stream()
maker.close_user_data_stream()
refused(BadRequestError, taker.cancel_order, symbol="BTCUSDT", order_id=999_999)
print("ok")
