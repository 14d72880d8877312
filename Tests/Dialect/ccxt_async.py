"""ccxt's asynchronous class: orders, settings, margin, positions and what hangs on them, several under way at once."""
import asyncio

import ccxt
import ccxt.async_support
from stand import BTC, ETH, ccxt_settings, check, equal, mark


async def main():
    maker, taker = (ccxt.async_support.binanceusdm(ccxt_settings(name)) for name in ("alice", "bob"))
    try:
        equal(sorted(await maker.load_markets()), [BTC, ETH], "markets")
        await taker.load_markets()
        await orders(maker)
        await positions(maker, taker)
        await hedged(maker, taker)
    finally:
        await maker.close()
        await taker.close()


async def orders(maker):
    prices = [48_000 + 10 * step for step in range(20)]
    placed = await asyncio.gather(*(maker.create_order(BTC, "limit", "buy", 0.01, price) for price in prices))
    equal(sorted(order["price"] for order in await maker.fetch_open_orders(BTC)), prices, "orders placed at once")
    amended = await maker.edit_order(placed[0]["id"], BTC, "limit", "buy", 0.02, 47_000)
    equal((amended["amount"], amended["price"]), (0.02, 47_000.0), "amended")
    equal((await maker.fetch_order(placed[0]["id"], BTC))["amount"], 0.02, "amended, fetched")
    await maker.cancel_order(placed[0]["id"], BTC)
    await maker.cancel_all_orders(BTC)
    equal(await maker.fetch_open_orders(BTC), [], "after cancelling")
    outcomes = await asyncio.gather(
        *(maker.create_order(BTC, "limit", "buy", 0.01, 48_000, {"clientOrderId": "one"}) for _ in range(10)),
        return_exceptions=True)
    refusals = [each for each in outcomes if isinstance(each, ccxt.ExchangeError)]
    equal((len(refusals), len(await maker.fetch_open_orders(BTC))), (9, 1), "one name, sent ten times at once")
    await maker.cancel_all_orders(BTC)


async def positions(maker, taker):
    await taker.set_leverage(20, BTC)
    await taker.set_margin_mode("isolated", BTC)
    await maker.create_order(BTC, "limit", "sell", 0.1, 50_000)
    await taker.create_order(BTC, "market", "buy", 0.1)
    (position,) = await taker.fetch_positions([BTC])
    equal((position["side"], position["contracts"], position["initialMargin"]), ("long", 0.1, 250.0), "position")
    await taker.add_margin(BTC, 100)
    await taker.reduce_margin(BTC, 50)
    (changed,) = await taker.fetch_positions([BTC])
    check(changed["liquidationPrice"] < position["liquidationPrice"], changed)
    equal((await taker.fetch_balance())["USDT"]["total"], 999_997.5, "balance")
    check((await taker.fetch_market_leverage_tiers(BTC))[0]["maxLeverage"] > 1, "brackets")
    check(await taker.fetch_positions_adl_rank([BTC]), "ADL rank")
    equal(await taker.fetch_funding_history(BTC), [], "no funding yet")
    equal(await taker.fetch_my_liquidations(BTC), [], "no forced orders")
    await maker.create_order(BTC, "limit", "buy", 0.1, 50_000)
    await taker.create_order(BTC, "market", "sell", 0.1, None, {"reduceOnly": True})
    equal(await taker.fetch_positions([BTC]), [], "closed")


async def hedged(maker, taker):
    """Long and short beside one another, each with orders of its own."""
    await taker.set_position_mode(True)
    await maker.create_order(ETH, "limit", "sell", 5, 2_500)
    await taker.create_order(ETH, "market", "buy", 5, None, {"positionSide": "LONG"})
    await maker.create_order(ETH, "limit", "buy", 2, 2_500)
    await taker.create_order(ETH, "market", "sell", 2, None, {"positionSide": "SHORT"})
    held = {each["side"]: each["contracts"] for each in await taker.fetch_positions([ETH])}
    equal(held, {"long": 5.0, "short": 2.0}, "both sides")
    try:
        await taker.create_order(ETH, "market", "buy", 1)
        raise AssertionError("an order without a side was taken in hedge mode")
    except ccxt.ExchangeError as error:
        check("-4061" in str(error), error)
    mark(2_600, "ETHUSDT")
    profits = {each["side"]: each["unrealizedPnl"] for each in await taker.fetch_positions([ETH])}
    equal(profits, {"long": 500.0, "short": -200.0}, "profit of both sides")
    for side, order, size in (("LONG", "sell", 5), ("SHORT", "buy", 2)):
        await maker.create_order(ETH, "limit", "buy" if order == "sell" else "sell", size, 2_600)
        await taker.create_order(ETH, "market", order, size, None, {"positionSide": side})
    equal(await taker.fetch_positions([ETH]), [], "both closed")
    await taker.set_position_mode(False)


asyncio.run(main())
print("ok")
