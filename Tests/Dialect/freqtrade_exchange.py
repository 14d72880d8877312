"""freqtrade: its own Exchange class, in live mode, on futures with isolated margin."""
from datetime import datetime, timedelta, timezone

import ccxt
from freqtrade.enums import RunMode
from freqtrade.exchange.binance import Binance
from stand import BTC, ccxt_settings, check, credentials, equal

key, secret = credentials("bob")
settings = ccxt_settings("bob")
overrides = {
    "urls": settings["urls"], "options": {**settings["options"], "fetchMarkets": {"types": ["linear"]}},
}
side = {"price_side": "other", "use_order_book": True, "order_book_top": 1}
exchange = Binance({
    "runmode": RunMode.LIVE, "dry_run": False, "stake_currency": "USDT", "trading_mode": "futures",
    "margin_mode": "isolated", "timeframe": "1m", "entry_pricing": side, "exit_pricing": side,
    "candle_type_def": "futures", "liquidation_buffer": 0.05,
    "exchange": {
        "name": "binance", "key": key, "secret": secret, "pair_whitelist": [BTC], "ccxt_config": overrides,
    },
}, validate=True, load_leverage_tiers=True)
equal(sorted(exchange.get_markets()), [BTC, "ETH/USDT:USDT"], "markets")
check(exchange.get_max_leverage(BTC, 100) >= 50, "leverage")

maker = ccxt.binanceusdm(ccxt_settings("alice"))
maker.load_markets()
maker.create_order(BTC, "limit", "sell", 1, 50_000)
maker.create_order(BTC, "limit", "buy", 1, 49_990)
equal(exchange.fetch_ticker(BTC)["symbol"], BTC, "ticker")
order = exchange.create_order(
    pair=BTC, ordertype="limit", side="buy", amount=0.1, rate=50_000, leverage=10.0, reduceOnly=False, time_in_force="GTC")
equal((order["status"], order["filled"]), ("closed", 0.1), "entry")
(position,) = exchange.fetch_positions(BTC)
equal((position["contracts"], position["leverage"], position["marginMode"]), (0.1, 10.0, "isolated"), "position")
stop = exchange.create_stoploss(
    pair=BTC, amount=0.1, stop_price=45_000, order_types={"stoploss": "market", "stoploss_price_type": "mark"},
    side="sell", leverage=10.0)
equal(exchange.fetch_stoploss_order(stop["id"], BTC)["status"], "open", "stop")
exchange.cancel_stoploss_order(stop["id"], BTC)
check(exchange.get_balances()["USDT"]["total"] > 0, "balances")
opened = datetime.now(timezone.utc) - timedelta(minutes=1)
equal(len(exchange.get_trades_for_order(order["id"], BTC, opened)), 1, "fills")
book = exchange.fetch_l2_order_book(BTC, 5)
equal(book["asks"][0], [50_000.0, 0.9], "book")
resting = exchange.create_order(
    pair=BTC, ordertype="limit", side="buy", amount=0.1, rate=49_000, leverage=10.0, reduceOnly=False, time_in_force="GTC")
equal(exchange.fetch_order(resting["id"], BTC)["status"], "open", "resting order")
equal(exchange.cancel_order(resting["id"], BTC)["status"], "canceled", "cancelled order")
# The venue's liquidation price is what freqtrade works out by itself.
expected = exchange.dry_run_liquidation_price(
    pair=BTC, open_rate=50_000, is_short=False, amount=0.1, stake_amount=500, leverage=10, wallet_balance=500, open_trades=[])
(position,) = exchange.fetch_positions(BTC)
check(abs(position["liquidationPrice"] - expected) <= 0.1, position["liquidationPrice"], expected)
closing = exchange.create_order(
    pair=BTC, ordertype="market", side="sell", amount=0.1, rate=49_990, leverage=10.0, reduceOnly=True, time_in_force="GTC")
equal(closing["status"], "closed", "exit")
equal(exchange.fetch_positions(BTC), [], "no position")
equal(exchange.get_funding_fees(BTC, 0.1, False, opened), 0.0, "no funding yet")
exchange.close()
print("ok")
