"""What every script of this folder uses: where the venue is, who trades there, and what a check is."""
import os
import time
import urllib.request

URL = os.environ["VENUE_URL"]
SOCKET = URL.replace("http", "ws", 1)
BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"


def credentials(name):
    return os.environ["KEY_" + name.upper()], os.environ["SECRET_" + name.upper()]


def operate(what, **parameters):
    """Has the venue's operator set a mark or pay funding."""
    query = "&".join(f"{key}={value}" for key, value in parameters.items())
    request = urllib.request.Request(f"{URL}/stand/{what}?{query}", method="POST")
    answer = urllib.request.urlopen(request).read().decode()
    assert answer == "done", f"{what} {parameters}: {answer}"


def mark(price, symbol="BTCUSDT"):
    operate("mark", symbol=symbol, price=price)


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
