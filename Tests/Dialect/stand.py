"""What every script of this folder uses: where the venue is, who trades there, and what a check is."""
import hashlib
import hmac
import json
import os
import time
import urllib.request

URL = os.environ["VENUE_URL"]
SOCKET = URL.replace("http", "ws", 1)
BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"


def credentials(name):
    return os.environ["KEY_" + name.upper()], os.environ["SECRET_" + name.upper()]


def native(name, method, path, body=None):
    """Asks the native API as its keys sign it: timestamp, method, path and body, each on a line of its own."""
    key, secret = credentials(name)
    text = "" if body is None else json.dumps(body)
    stamp = str(int(time.time() * 1000))
    message = f"{stamp}\n{method}\n{path}\n{text}".encode()
    headers = {
        "X-Breakwater-Key": key, "X-Breakwater-Timestamp": stamp, "Content-Type": "application/json",
        "X-Breakwater-Signature": hmac.new(secret.encode(), message, hashlib.sha256).hexdigest(),
    }
    request = urllib.request.Request(URL + path, text.encode() or None, headers, method=method)
    return json.load(urllib.request.urlopen(request))


def command(do, **parameters):
    """Has the venue's operator do something that the tape schema has a verb for."""
    return native("operator", "POST", "/v1/admin/commands", {"do": do, **parameters})


def mark(price, symbol="BTCUSDT"):
    command("mark", symbol=symbol, price=str(price))


def fund(rate, symbol="BTCUSDT"):
    """Has longs pay funding at a rate, as a share of the mark value."""
    command("funding", symbol=symbol, rate=f"{float(rate) * 100:g}%")


def check(condition, *shown):
    if not condition:
        raise AssertionError(" ".join(str(each) for each in shown))


def equal(found, expected, what=""):
    check(found == expected, f"{what}: found {found!r}, expected {expected!r}")


def refused(kind, call, *arguments, **named):
    """Expects a call to fail with an error of that kind; returns the error."""
    try:
        answer = call(*arguments, **named)
    except kind as error:
        return error
    raise AssertionError(f"{call.__name__}{arguments}: expected {kind}, answered {answer}")


def eventually(question, what, seconds=5):
    end = time.time() + seconds
    while time.time() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within {seconds} s")


def ccxt_settings(name, **options):
    """The overrides of the wire contract, and nothing more."""
    key, secret = credentials(name)
    urls = {
        "api": {
            **{kind: URL + "/fapi/v1" for kind in ("fapiPublic", "fapiPrivate")},
            **{
                kind + version: URL + "/fapi/" + version.lower()
                for kind in ("fapiPublic", "fapiPrivate")
                for version in ("V2", "V3")
            },
            "fapiData": URL + "/futures/data",
            "sapi": URL + "/sapi/v1",
            "public": URL + "/api/v3",
            "private": URL + "/api/v3",
            "ws": {"linear": SOCKET + "/ws", "ws-api": {"linear": SOCKET + "/ws-fapi/v1"}},
        }
    }
    return {
        "apiKey": key, "secret": secret, "urls": urls,
        "options": {"fetchCurrencies": False, "fetchMargins": False, **options},
    }
