"""python-binance: the calls of its futures client."""
from binance.client import Client
from binance.exceptions import BinanceAPIException
from stand import URL, check, credentials, equal, mark, refused


def client(name):
    key, secret = credentials(name)
    made = Client(key, secret, ping=False)
    made.FUTURES_URL = URL + "/fapi"
    return made


maker, taker = client("alice"), client("bob")
maker.futures_ping()
check(maker.futures_time()["serverTime"] > 0, "time")
equal([each["symbol"] for each in maker.futures_exchange_info()["symbols"]], ["BTCUSDT", "ETHUSDT"], "symbols")
taker.futures_change_leverage(symbol="BTCUSDT", leverage=25)
taker.futures_change_margin_type(symbol="BTCUSDT", marginType="ISOLATED")
error = refused(BinanceAPIException, taker.futures_change_margin_type, symbol="BTCUSDT", marginType="ISOLATED")
equal((error.code, error.message), (-4046, "No need to change margin type."), "margin type")
placed = maker.futures_create_order(
    symbol="BTCUSDT", side="SELL", type="LIMIT", timeInForce="GTC", quantity="0.2", price="50000")
equal(placed["status"], "NEW", "placed")
changed = maker.futures_modify_order(
    symbol="BTCUSDT", orderId=placed["orderId"], side="SELL", quantity="0.3", price="50000")
equal(changed["origQty"], "0.3", "amended")
equal(maker.futures_get_order(symbol="BTCUSDT", orderId=placed["orderId"])["origQty"], "0.3", "asked")
bought = taker.futures_create_order(symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.1")
equal((bought["status"], bought["avgPrice"]), ("FILLED", "50000"), "bought")
batch = maker.futures_place_batch_order(batchOrders=[
    {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": str(price)}
    for price in (48_000, 48_010)])
equal([each["status"] for each in batch], ["NEW", "NEW"], "batch")
equal(len(maker.futures_get_open_orders(symbol="BTCUSDT")), 3, "open orders")
maker.futures_cancel_order(symbol="BTCUSDT", orderId=batch[0]["orderId"])
maker.futures_cancel_all_open_orders(symbol="BTCUSDT")
equal(maker.futures_get_open_orders(symbol="BTCUSDT"), [], "none open")
(position,) = [each for each in taker.futures_position_information(symbol="BTCUSDT")]
equal((position["positionAmt"], position["isolatedWallet"]), ("0.1", "200"), "position")
taker.futures_change_position_margin(symbol="BTCUSDT", amount=50, type=1)
equal(taker.futures_position_margin_history(symbol="BTCUSDT")[0]["amount"], "50", "margin history")
check(float(taker.futures_account()["totalWalletBalance"]) > 0, "account")
equal(taker.futures_account_balance()[0]["asset"], "USDT", "balance")
check(taker.futures_leverage_bracket(symbol="BTCUSDT")[0]["brackets"], "brackets")
equal(len(taker.futures_account_trades(symbol="BTCUSDT")), 1, "fills")
check(taker.futures_income_history(incomeType="COMMISSION"), "income")
check(taker.futures_get_all_orders(symbol="BTCUSDT"), "orders")
equal(taker.futures_get_position_mode()["dualSidePosition"], False, "position mode")
equal(taker.futures_commission_rate(symbol="BTCUSDT")["takerCommissionRate"], "0.0005", "fees")
taker.futures_adl_quantile_estimate(symbol="BTCUSDT")
maker.futures_order_book(symbol="BTCUSDT")
maker.futures_recent_trades(symbol="BTCUSDT")
maker.futures_aggregate_trades(symbol="BTCUSDT")
maker.futures_klines(symbol="BTCUSDT", interval="1m")
maker.futures_mark_price(symbol="BTCUSDT")
maker.futures_funding_rate(symbol="BTCUSDT")
maker.futures_ticker(symbol="BTCUSDT")
maker.futures_symbol_ticker(symbol="BTCUSDT")
maker.futures_orderbook_ticker(symbol="BTCUSDT")
maker.futures_open_interest(symbol="BTCUSDT")
key = maker.futures_stream_get_listen_key()
maker.futures_stream_keepalive(key)
maker.futures_stream_close(key)
error = refused(BinanceAPIException, taker.futures_cancel_order, symbol="BTCUSDT", orderId=999_999)
equal(error.code, -2011, "unknown order")
error = refused(BinanceAPIException, taker.futures_create_order, symbol="NOPE", side="BUY", type="MARKET", quantity="1")
equal(error.code, -1121, "unknown symbol")
print("ok")
