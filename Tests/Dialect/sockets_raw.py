"""Streams read by hand: every event that an account's key is told, and several public streams over one socket."""
import asyncio
import json
import time

import aiohttp
from by_hand import signed
from stand import SOCKET, check, credentials, equal, mark


class Events:
    """What came over a socket, to be waited for by kind."""

    def __init__(self, socket):
        self.socket, self.seen = socket, []

    async def next(self, kind, fits=lambda event: True, seconds=10):
        end = time.time() + seconds
        place = 0
        while True:
            while place < len(self.seen):
                event = self.seen[place]
                place += 1
                if event.get("e") == kind and fits(event):
                    self.seen.remove(event)
                    return event
            left = end - time.time()
            check(left > 0, f"no {kind} within {seconds} s among", [each.get("e") for each in self.seen])
            try:
                message = await self.socket.receive(timeout=left)
            except asyncio.TimeoutError:
                continue
            check(message.type == aiohttp.WSMsgType.TEXT, "the socket", message)
            self.seen.append(json.loads(message.data))


def ask(name, method, path, **parameters):
    """Off the loop: a socket that is not read would not be answered either."""
    key, secret = credentials(name)
    return asyncio.to_thread(lambda: signed(method, path, secret=secret, key=key, **parameters))


async def order(name, side, quantity, price=None, **more):
    kind = {"type": "MARKET"} if price is None else {"type": "LIMIT", "timeInForce": "GTC", "price": price}
    status, answer, _ = await ask(
        name, "POST", "/fapi/v1/order", symbol="BTCUSDT", side=side, quantity=quantity, **{**kind, **more})
    equal(status, 200, answer)
    return answer


async def account(session):
    _, answer, _ = await ask("bob", "POST", "/fapi/v1/listenKey")
    key = answer["listenKey"]
    async with session.ws_connect(f"{SOCKET}/ws/{key}") as socket:
        events = Events(socket)
        await ask("bob", "POST", "/fapi/v1/marginType", symbol="BTCUSDT", marginType="ISOLATED")
        await ask("bob", "POST", "/fapi/v1/leverage", symbol="BTCUSDT", leverage=50)
        config = await events.next("ACCOUNT_CONFIG_UPDATE", lambda event: event["ac"]["l"] == 50)
        equal(config["ac"]["s"], "BTCUSDT", "whose leverage")

        # An order that waits, is amended by nobody, fires, and is an order like any other from then on.
        _, stop, _ = await ask(
            "bob", "POST", "/fapi/v1/algoOrder", algoType="CONDITIONAL", symbol="BTCUSDT", side="BUY",
            type="STOP_MARKET", quantity="0.1", triggerPrice="50100", workingType="MARK_PRICE", clientAlgoId="breakout")
        waiting = await events.next("ALGO_UPDATE")
        equal((waiting["o"]["X"], waiting["o"]["aid"], waiting["o"]["caid"]), ("NEW", stop["algoId"], "breakout"), "waiting")
        await order("alice", "SELL", "0.1", "50100")
        mark(50_100)
        fired = await events.next("ALGO_UPDATE", lambda event: event["o"]["X"] != "NEW")
        equal(fired["o"]["X"], "TRIGGERED", "fired")
        filled = await events.next("ORDER_TRADE_UPDATE", lambda event: event["o"]["X"] == "FILLED")
        equal((filled["o"]["z"], filled["o"]["L"]), ("0.1", "50100"), "filled")
        moved = await events.next("ACCOUNT_UPDATE", lambda event: event["a"]["P"] and event["a"]["P"][0]["pa"] == "0.1")
        equal(moved["a"]["m"], "ORDER", "why the position changed")

        # 2 % behind the position: less than a fifth of that is left at a mark 1.3 % lower.
        mark(49_450)
        call = await events.next("MARGIN_CALL")
        equal((call["p"][0]["s"], call["p"][0]["mt"]), ("BTCUSDT", "ISOLATED"), "whose margin is short")
        mark(50_100)

        # A key that is given back is told so, and is good no longer.
        await ask("bob", "DELETE", "/fapi/v1/listenKey")
        equal((await events.next("listenKeyExpired"))["listenKey"], key, "the key that expired")
    status, answer, _ = await ask("bob", "PUT", "/fapi/v1/listenKey")
    equal((status, answer["code"]), (400, -1125), "a key that is gone")


async def combined(session):
    """One socket for several streams: named in its address, and asked for afterwards."""
    async with session.ws_connect(f"{SOCKET}/stream?streams=btcusdt@aggTrade/btcusdt@bookTicker") as socket:
        await socket.send_json({"method": "SUBSCRIBE", "params": ["btcusdt@depth@100ms"], "id": 7})
        await socket.send_json({"method": "LIST_SUBSCRIPTIONS", "id": 8})
        answers, told = {}, set()
        await order("alice", "SELL", "0.05", "50100")
        await order("carol", "BUY", "0.02", "50100")
        while len(answers) < 2 or told < {"btcusdt@aggTrade", "btcusdt@bookTicker", "btcusdt@depth@100ms"}:
            try:
                message = json.loads((await socket.receive(timeout=10)).data)
            except asyncio.TimeoutError:
                raise AssertionError(f"told by {sorted(told)}, answered {answers}") from None
            if "stream" in message:
                told.add(message["stream"])
                check(message["data"]["s"] == "BTCUSDT", message)
            else:
                answers[message["id"]] = message["result"]
        equal(answers[7], None, "subscribed")
        equal(sorted(answers[8]), ["btcusdt@aggTrade", "btcusdt@bookTicker", "btcusdt@depth@100ms"], "subscriptions")


async def main():
    async with aiohttp.ClientSession() as session:
        await account(session)
        await combined(session)


asyncio.run(main())
print("ok")
