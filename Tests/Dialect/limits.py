"""Rate limits, on a venue that allows 60 of weight and 5 orders a minute: who goes beyond is told to wait, and how long."""
import ccxt
from by_hand import code, send, signed
from stand import BTC, ccxt_settings, check, equal, refused

ORDER = dict(symbol="BTCUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.01", price="49000")
answers = [signed("POST", "/fapi/v1/order", **ORDER) for _ in range(6)]
equal([answer[0] for answer in answers], [200] * 5 + [429], "orders a minute")
equal(code(answers[-1]), (429, -1003), "too many orders")
check(0 < int(answers[-1][2]["Retry-After"]) <= 60, answers[-1][2]["Retry-After"])
equal(len(signed("GET", "/fapi/v1/openOrders", symbol="BTCUSDT")[1]), 5, "the sixth was not placed")

used = 0
while (answer := send("GET", "/fapi/v1/depth", "symbol=BTCUSDT&limit=500", key=None))[0] == 200:
    check(int(answer[2]["X-MBX-USED-WEIGHT-1M"]) > used, answer[2])
    used = int(answer[2]["X-MBX-USED-WEIGHT-1M"])
check(50 <= used <= 60, "weight used when it was refused:", used)
equal(code(answer), (429, -1003), "too much weight")
check(0 < int(answer[2]["Retry-After"]) <= 60, answer[2]["Retry-After"])
refused(ccxt.DDoSProtection, ccxt.binanceusdm(ccxt_settings("bob")).fetch_order_book, BTC)
print("ok")
