"""What Schemathesis is told about the venue: how to sign, and which names exist, so that calls get past the door."""

import os
import random

import schemathesis

from native import Key

KNOWN = {
    "account": [os.environ["BREAKWATER_ACCOUNT"]] * 4 + ["bob", "nobody"], "symbol": ["BTCUSDT"] * 4 + ["NONE"],
    "currency": ["USDT", "USDT", "EUR"], "name": ["binance", "none"], "liquidation": [0, 1, 77],
    "order": ["1", "12", "15", "client:mine"], "request": [1, 2, 99], "user": ["spare", "nobody"], "key": ["none"],
}
WORDS = {"account": "alice", "from": "alice", "to": "alice", "symbol": "BTCUSDT", "currency": "USDT"}

if os.environ.get("BREAKWATER_KEY"):

    @schemathesis.auth()
    class Signature:
        def get(self, case, context):
            return Key(os.environ["BREAKWATER_KEY"], os.environ["BREAKWATER_SECRET"])

        def set(self, case, data, context):
            case._auth = data


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Most calls are about something that exists."""
    for name, value in (path_parameters or {}).items():
        if name in KNOWN and value is not None and hash(str(value)) % 4:
            path_parameters[name] = KNOWN[name][hash(str(value)) // 4 % len(KNOWN[name])]
    return path_parameters


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict) and len(str(body)) % 3:
        for name, word in WORDS.items():
            if isinstance(body.get(name), str):
                body[name] = word
    return body
