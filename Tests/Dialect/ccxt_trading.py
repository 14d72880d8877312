"""ccxt: orders of every kind, by one client who makes the market and one who takes it."""
import ccxt
from stand import BTC, ETH, ccxt_settings, check, equal, refused

maker, taker = (ccxt.binanceusdm(ccxt_settings(name)) for name in ("alice", "bob"))
markets = maker.load_markets()
equal(sorted(markets), [BTC, ETH], "markets")
check(markets[BTC]["linear"] and markets[BTC]["swap"] and markets[BTC]["active"], markets[BTC])
equal(markets[BTC]["precision"], {"amount": 0.001, "price": 0.1, **{k: v for k, v in markets[BTC]["precision"].items()
    if k not in ("amount", "price")}}, "precision")
check(abs(maker.fetch_time() - maker.milliseconds()) < 5_000, "clock")

# A limit order rests, is found by number and by name, is amended, and is cancelled.
order = maker.create_order(BTC, "limit", "buy", 0.01, 49_000, {"clientOrderId": "first"})
equal(order["status"], "open", "limit order")
equal(maker.fetch_order(order["id"], BTC)["clientOrderId"], "first", "order by number")
equal(maker.fetch_order(None, BTC, {"origClientOrderId": "first"})["id"], order["id"], "order by name")
equal([each["id"] for each in maker.fetch_open_orders(BTC)], [order["id"]], "open orders")
amended = maker.edit_order(order["id"], BTC, "limit", "buy", 0.02, 49_100)
equal((amended["amount"], amended["price"]), (0.02, 49_100), "amended order")
equal(maker.fetch_order(order["id"], BTC)["price"], 49_100, "amended order, fetched")
refused(ccxt.ExchangeError, maker.create_order, BTC, "limit", "buy", 0.01, 48_000, {"clientOrderId": "first"})
cancelled = maker.cancel_order(order["id"], BTC)
equal(cancelled["status"], "canceled", "cancelled order")
equal(maker.fetch_order(order["id"], BTC)["status"], "canceled", "cancelled order, fetched")

# Two orders trade; both sides see the same fills.
ask = maker.create_order(BTC, "limit", "sell", 0.05, 50_000, {"postOnly": True})
bought = taker.create_order(BTC, "market", "buy", 0.02)
equal((bought["status"], bought["filled"], bought["average"], bought["cost"]), ("closed", 0.02, 50_000.0, 1_000.0), "fill")
equal(maker.fetch_order(ask["id"], BTC)["filled"], 0.02, "maker's fill")
fills = taker.fetch_my_trades(BTC)
equal([(f["amount"], f["price"], f["takerOrMaker"], f["fee"]["cost"]) for f in fills], [(0.02, 50_000.0, "taker", 0.5)], "fills")
equal([f["order"] for f in fills], [bought["id"]], "order of fills")
equal(maker.fetch_my_trades(BTC)[0]["id"], fills[0]["id"], "both sides of a trade share its number")
equal([(t["amount"], t["side"]) for t in maker.fetch_trades(BTC)], [(0.02, "buy")], "public trades")
equal([o["status"] for o in taker.fetch_closed_orders(BTC)], ["closed"], "closed orders")
equal(taker.create_order(BTC, "limit", "buy", 0.1, 50_000, {"timeInForce": "IOC"})["filled"], 0.03, "IOC takes what there is")
equal(taker.create_order(BTC, "limit", "buy", 0.1, 50_000, {"timeInForce": "FOK"})["status"], "expired", "FOK finds nothing")

# Refusals, as the kinds of error that clients tell apart.
for symbol in (BTC, ETH):
    taker.set_leverage(1, symbol)
most = taker.create_order(BTC, "limit", "buy", 18, 49_000)
refused(ccxt.InsufficientFunds, taker.create_order, ETH, "limit", "buy", 300, 2_450)
taker.cancel_order(most["id"], BTC)
refused(ccxt.OrderNotFound, taker.cancel_order, "999999", BTC)
refused(ccxt.OrderNotFound, taker.fetch_order, "999999", BTC)
refused(ccxt.OrderNotFound, taker.cancel_order, ask["id"], BTC)
refused(ccxt.OrderNotFound, taker.fetch_order, ask["id"], BTC)
refused(ccxt.ExchangeError, maker.create_order, ETH, "market", "sell", 1, None, {"reduceOnly": True})
bid = maker.create_order(BTC, "limit", "buy", 0.01, 49_900)
refused(ccxt.InvalidOrder, taker.create_order, BTC, "limit", "sell", 0.01, 49_800, {"postOnly": True})
maker.cancel_order(bid["id"], BTC)
wrong = ccxt.binanceusdm({**ccxt_settings("alice"), "secret": "wrong"})
refused(ccxt.AuthenticationError, wrong.fetch_balance)
reader = ccxt.binanceusdm(ccxt_settings("reader"))
reader.fetch_balance()
refused(ccxt.AuthenticationError, reader.create_order, BTC, "limit", "buy", 0.01, 49_000)

# Several at a time.
batch = maker.create_orders([
    {"symbol": BTC, "type": "limit", "side": "buy", "amount": 0.01, "price": price} for price in (48_000, 48_100)])
equal([each["status"] for each in batch], ["open", "open"], "batch")
gone = maker.cancel_orders([each["id"] for each in batch], BTC)
equal([each["status"] for each in gone], ["canceled", "canceled"], "cancelled batch")
maker.create_order(BTC, "limit", "buy", 0.01, 48_000)
maker.cancel_all_orders(BTC)
equal(maker.fetch_open_orders(BTC), [], "after cancelling all")

# Orders that wait for their price.
stop = taker.create_order(BTC, "market", "sell", 0.01, None, {"stopLossPrice": 45_000})
goal = taker.create_order(BTC, "limit", "sell", 0.01, 60_100, {"takeProfitPrice": 60_000, "reduceOnly": True})
trail = taker.create_order(BTC, "market", "sell", 0.01, None, {"trailingPercent": 1})
waiting = taker.fetch_open_orders(BTC, None, None, {"trigger": True})
equal([o["id"] for o in waiting], [stop["id"], goal["id"], trail["id"]], "waiting orders")
equal(waiting[0]["triggerPrice"], 45_000, "trigger price")
equal(taker.fetch_open_orders(BTC), [], "what waits is not in the book")
equal(taker.fetch_order(stop["id"], BTC, {"trigger": True})["status"], "open", "waiting order")
for each in waiting:
    taker.cancel_order(each["id"], BTC, {"trigger": True})
equal(taker.fetch_open_orders(BTC, None, None, {"trigger": True}), [], "no waiting orders")
print("ok")
