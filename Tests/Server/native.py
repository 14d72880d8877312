"""A small client of the native API: signs with a key, and sets up what the attacks are run against."""

import hashlib
import hmac
import time
from urllib.parse import urlsplit

import requests


class Key(requests.auth.AuthBase):
    """Signs every request with an API key, as docs/API.md tells."""

    def __init__(self, identifier, secret):
        self.identifier = identifier
        self.secret = secret

    def __call__(self, request):
        stamp = str(time.time_ns() // 1_000_000)
        parts = urlsplit(request.url)
        target = parts.path + ("?" + parts.query if parts.query else "")
        body = request.body or b""
        if isinstance(body, str):
            body = body.encode()
        message = f"{stamp}\n{request.method}\n{target}\n".encode() + body
        request.headers["X-Breakwater-Key"] = self.identifier
        request.headers["X-Breakwater-Timestamp"] = stamp
        request.headers["X-Breakwater-Signature"] = hmac.new(self.secret.encode(), message, hashlib.sha256).hexdigest()
        return request


class Venue:
    def __init__(self, url):
        self.url = url

    def ask(self, method, path, body=None, key=None, headers=None, expect=(200, 201, 204)):
        answer = requests.request(method, self.url + path, json=body, auth=key, headers=headers, timeout=20)
        if answer.status_code not in expect:
            raise SystemExit(f"{method} {path} answered {answer.status_code}: {answer.text}")
        return answer.json() if answer.content else None

    def user(self, name, role, token=None):
        """Signs somebody up and answers a key of theirs: the risk admin with the venue's token."""
        password = f"the long password of {name}"
        if token:
            self.ask("POST", "/v1/admin/claim", {"token": token, "name": name, "password": password})
        else:
            self.ask("POST", "/v1/users", {"name": name, "password": password})
        session = requests.Session()
        signed_in = session.post(self.url + "/v1/session", json={"name": name, "password": password}, timeout=20).json()
        made = session.post(
            self.url + "/v1/keys", json={"label": "test", "role": role}, timeout=20,
            headers={"X-CSRF-Token": signed_in["csrfToken"], "Origin": self.url}).json()
        return Key(made["id"], made["secret"])

    def command(self, key, **command):
        return self.ask("POST", "/v1/admin/commands", command, key)


CONTRACT = {
    "symbol": "BTCUSDT", "kind": "linear", "settle": "USDT", "tick": "0.1", "lot": "0.001", "multiplier": "1",
    "maxLeverage": "20", "makerFee": "0.01%", "takerFee": "0.04%", "liquidationFee": "0.1%", "tiers": "progressive",
    "riskLimits": [
        {"upTo": "1000000", "im": "5%", "mm": "2.5%"}, {"upTo": "1000000000", "im": "10%", "mm": "5%"}],
}


def market(venue, token):
    """A contract, two traders with positions and orders, and a liquidation behind them. Answers keys by role."""
    admin = venue.user("chief", "riskAdmin", token)
    venue.command(admin, do="list", contract=CONTRACT)
    venue.command(admin, do="mark", prices={"BTCUSDT": "40000"})
    venue.command(admin, do="fund", currency="USDT", amount="5000")
    keys = {"riskAdmin": admin}
    for name in ["alice", "bob"]:
        keys[name] = venue.user(name, "trader")
        venue.command(admin, do="deposit", account=name, currency="USDT", amount="30000")
    orders = "/v1/accounts/{}/orders"
    for name, side in [("alice", "buy"), ("bob", "sell")]:
        order = {"symbol": "BTCUSDT", "side": side, "type": "limit", "size": "1", "price": "40000"}
        venue.ask("POST", orders.format(name), order, keys[name])
    rest = {"symbol": "BTCUSDT", "side": "buy", "type": "limit", "size": "0.5", "price": "39000"}
    venue.ask("POST", orders.format("bob"), rest, keys["bob"])
    venue.command(admin, do="mark", prices={"BTCUSDT": "39500"})
    return keys
