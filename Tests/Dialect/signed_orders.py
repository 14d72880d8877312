"""Writes orders signed beforehand, half of them buying what the other half sells: a line each, of key, blank and form.

Signatures count for a minute after this has run: signed_orders.py COUNT > FILE; wrk -s orders.lua URL -- FILE
"""
import hashlib
import hmac
import sys
import time

from stand import credentials

traders = [credentials(name) for name in ("alice", "bob")]
now = int(time.time() * 1000)
for number in range(int(sys.argv[1])):
    key, secret = traders[number % 2]
    text = (
        f"symbol=BTCUSDT&side={('BUY', 'SELL')[number % 2]}&type=LIMIT&quantity=0.001&price=50000&timeInForce=GTC"
        f"&newClientOrderId=x-{number}&newOrderRespType=RESULT&recvWindow=60000&timestamp={now}")
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    print(f"{key} {text}&signature={signature}")
