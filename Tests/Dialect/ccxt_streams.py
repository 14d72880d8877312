"""ccxt.pro: books, trades, tickers, candles, marks, own orders, positions and balances as they happen; and orders placed
over a socket."""
import asyncio

import ccxt.pro
from stand import BTC, ccxt_settings, check, equal, mark


async def within(awaitable, what, seconds=10):
    try:
        return await asyncio.wait_for(awaitable, seconds)
    except asyncio.TimeoutError as error:
        raise AssertionError(f"{what} did not come within {seconds} s") from error


async def main():
    maker, taker = (ccxt.pro.binanceusdm(ccxt_settings(name)) for name in ("alice", "bob"))
    try:
        await maker.load_markets()
        await taker.load_markets()
        await market(maker, taker)
        await account(maker, taker)
        await requests(maker)
    finally:
        await maker.close()
        await taker.close()


async def market(maker, taker):
    await maker.create_order(BTC, "limit", "buy", 0.5, 49_900)
    book = await within(taker.watch_order_book(BTC), "the book")
    equal(book["bids"][0][:2], [49_900.0, 0.5], "watched book")

    tasks = {
        "trades": asyncio.create_task(taker.watch_trades(BTC)),
        "ticker": asyncio.create_task(taker.watch_ticker(BTC)),
        "candles": asyncio.create_task(taker.watch_ohlcv(BTC, "1m")),
        "best prices": asyncio.create_task(taker.watch_bids_asks([BTC])),
        "mark": asyncio.create_task(taker.watch_mark_price(BTC)),
    }
    await asyncio.sleep(1)
    await maker.create_order(BTC, "limit", "sell", 0.2, 50_000)
    await taker.create_order(BTC, "market", "buy", 0.1)
    trades = await within(tasks["trades"], "trades")
    equal((trades[-1]["price"], trades[-1]["amount"], trades[-1]["side"]), (50_000.0, 0.1, "buy"), "watched trade")
    equal((await within(tasks["ticker"], "the ticker"))["last"], 50_000.0, "watched ticker")
    equal((await within(tasks["candles"], "candles"))[-1][4], 50_000.0, "watched candle")
    equal((await within(tasks["best prices"], "best prices"))[BTC]["bid"], 49_900.0, "watched best bid")
    equal((await within(tasks["mark"], "the mark"))["markPrice"], 50_000.0, "watched mark")

    # Every change of the book is followed: at the end it is the book that can be asked for.
    for step in range(20):
        await maker.create_order(BTC, "limit", "buy", 0.01, 49_800 - step)
        await within(taker.watch_order_book(BTC), "a change of the book")
    asked = await maker.fetch_order_book(BTC)
    for _ in range(100):
        book = await within(taker.watch_order_book(BTC), "the last change of the book") if book["bids"] != asked["bids"] else book
        if [level[:2] for level in book["bids"]] == asked["bids"]:
            break
    equal([level[:2] for level in book["bids"]], asked["bids"], "watched book at the end")
    await maker.cancel_all_orders(BTC)


async def account(maker, taker):
    tasks = {
        "orders": asyncio.create_task(taker.watch_orders(BTC)),
        "fills": asyncio.create_task(taker.watch_my_trades(BTC)),
        "positions": asyncio.create_task(taker.watch_positions([BTC])),
        "balance": asyncio.create_task(taker.watch_balance()),
    }
    await asyncio.sleep(1.5)
    await maker.create_order(BTC, "limit", "sell", 0.2, 50_000)
    placed = await taker.create_order(BTC, "limit", "buy", 0.1, 50_000)
    orders = await within(tasks["orders"], "own orders")
    equal(orders[-1]["id"], placed["id"], "watched order")
    fills = await within(tasks["fills"], "own fills")
    equal((fills[-1]["order"], fills[-1]["amount"], fills[-1]["fee"]["cost"]), (placed["id"], 0.1, 2.5), "watched fill")
    positions = await within(tasks["positions"], "own positions")
    equal((positions[-1]["contracts"], positions[-1]["side"]), (0.2, "long"), "watched position")
    balance = await within(tasks["balance"], "own balance")
    equal(balance["USDT"]["total"], 999_995.0, "watched balance")


async def requests(maker):
    placed = await within(maker.create_order_ws(BTC, "limit", "buy", 0.01, 48_000), "an order over a socket")
    equal(placed["status"], "open", "order over a socket")
    changed = await within(maker.edit_order_ws(placed["id"], BTC, "limit", "buy", 0.02, 48_100), "its amendment")
    equal(changed["price"], 48_100.0, "amended over a socket")
    equal((await within(maker.fetch_order_ws(placed["id"], BTC), "its status"))["amount"], 0.02, "asked over a socket")
    gone = await within(maker.cancel_order_ws(placed["id"], BTC), "its cancellation")
    equal(gone["status"], "canceled", "cancelled over a socket")
    check((await within(maker.fetch_balance_ws(), "the balance over a socket"))["USDT"]["total"] > 0, "balance")
    await within(maker.fetch_positions_ws([BTC]), "positions over a socket")
    await within(maker.fetch_order_book_ws(BTC), "the book over a socket")
    try:
        await within(maker.cancel_order_ws("999999", BTC), "a refusal")
        raise AssertionError("an unknown order was cancelled")
    except ccxt.OrderNotFound:
        pass


asyncio.run(main())
print("ok")
