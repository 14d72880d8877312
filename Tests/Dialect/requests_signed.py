"""Requests made by hand: what is refused, with which code, and that nothing changes then."""
import json

from by_hand import code, send, signed
from stand import check, credentials, equal

ORDER = dict(symbol="BTCUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.01", price="49000")
status, placed, headers = signed("POST", "/fapi/v1/order", **ORDER, newClientOrderId="once")
equal(status, 200, placed)
check(int(headers["X-MBX-USED-WEIGHT-1M"]) > 0 and headers["X-MBX-ORDER-COUNT-1M"] == "1", headers)
equal(signed("POST", "/fapi/v1/order", in_body=False, **{**ORDER, "price": "48999"})[0], 200, "parameters in the query")
open_before = signed("GET", "/fapi/v1/openOrders")[1]
equal(len(open_before), 2, "open orders")

equal(code(signed("POST", "/fapi/v1/order", **ORDER, newClientOrderId="once")), (400, -4116), "a name used twice")
equal(code(signed("POST", "/fapi/v1/order", secret="x", **ORDER)), (400, -1022), "wrong signature")
equal(code(signed("POST", "/fapi/v1/order", key="nobody", **ORDER)), (401, -2015), "unknown key")
equal(code(send("POST", "/fapi/v1/order", key=None)), (401, -2014), "no key")
equal(code(signed("POST", "/fapi/v1/order", shift=-6_000, **ORDER)), (400, -1021), "too old")
equal(code(signed("POST", "/fapi/v1/order", shift=-4_000, **ORDER, newClientOrderId="late"))[0], 200, "old, within the window")
equal(code(signed("DELETE", "/fapi/v1/order", symbol="BTCUSDT", origClientOrderId="late"))[0], 200, "by name")
equal(code(signed("POST", "/fapi/v1/order", shift=2_000, **ORDER)), (400, -1021), "from the future")
equal(code(signed("POST", "/fapi/v1/order", recvWindow=60_001, **ORDER)), (400, -1131), "too long a window")
equal(code(signed("POST", "/fapi/v1/order", timestamp="x", **ORDER)), (400, -1102), "no number")
reader = credentials("reader")
equal(code(signed("POST", "/fapi/v1/order", key=reader[0], secret=reader[1], **ORDER)), (401, -2015), "may only look")
other = credentials("bob")
equal(code(signed("DELETE", "/fapi/v1/order", key=other[0], secret=other[1], symbol="BTCUSDT", orderId=placed["orderId"])),
      (400, -2011), "another account's order")
equal(code(signed("GET", "/fapi/v1/order", key=other[0], secret=other[1], symbol="BTCUSDT", orderId=placed["orderId"])),
      (400, -2013), "another account's order, asked")

for change, expected in [
    (dict(symbol="NOPE"), -1121), (dict(side="HOLD"), -1117), (dict(type="MAGIC"), -1116),
    (dict(timeInForce="GTD"), -1115), (dict(quantity="0.0001"), -1111), (dict(quantity="0"), -4003),
    (dict(quantity="-1"), -4003), (dict(quantity="1e3"), -1102), (dict(price="49000.05"), -1111), (dict(price=""), -1105),
    (dict(price="0"), -1013), (dict(quantity="2000", price="49000"), -2019), (dict(newClientOrderId="a" * 37), -4015),
    (dict(newClientOrderId="a b"), -1100), (dict(positionSide="LONG"), -4061), (dict(reduceOnly="true"), -2022),
    (dict(symbol="BTCUSDT%zz"), -1121),
]:
    equal(code(signed("POST", "/fapi/v1/order", **{**ORDER, **change}))[1], expected, change)
equal(signed("POST", "/fapi/v1/order", **{**ORDER, "quantity": "2000"})[1]["msg"],
      "Account has insufficient balance for requested action.", "the text that ccxt maps")
stop = dict(algoType="CONDITIONAL", symbol="BTCUSDT", side="BUY", type="STOP_MARKET", quantity="0.01")
equal(code(signed("POST", "/fapi/v1/algoOrder", **stop, triggerPrice="40000", workingType="MARK_PRICE"))[1], -2021, "fires at once")
equal(code(send("POST", "/fapi/v1/order", body=b"%%%=&&&"))[0], 400, "malformed form")
equal(code(send("POST", "/fapi/v1/order", body=b"\xff\xfe=1"))[0], 400, "no UTF-8")
equal(code(send("GET", "/fapi/v1/depth", "symbol=BTCUSDT&symbol=ETHUSDT"))[1], -1101, "given twice")
equal(code(send("GET", "/fapi/v1/klines", "symbol=BTCUSDT&interval=7m"))[1], -1120, "no such interval")
equal(code(send("GET", "/fapi/v1/nothing"))[0], 404, "no such path")
equal(code(send("PUT", "/fapi/v1/depth"))[0], 405, "no such method")
equal(code(signed("POST", "/fapi/v1/batchOrders", batchOrders="[{]"))[1], -1102, "broken JSON")
equal(code(signed("POST", "/fapi/v1/batchOrders", batchOrders=json.dumps([ORDER] * 6)))[1], -4082, "too many")
equal(signed("GET", "/fapi/v1/openOrders")[1], open_before, "nothing changed")
print("ok")
