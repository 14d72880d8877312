"""A 50x position is opened with ccxt, the mark drops, and the liquidation is seen through ccxt.pro, through REST and in the
native explanation, all agreeing to the unit."""
import asyncio

import ccxt.pro
from stand import BTC, ccxt_settings, check, equal, mark, native


async def main():
    maker, trader, watcher = (ccxt.pro.binanceusdm(ccxt_settings(name)) for name in ("alice", "carol", "bob"))
    try:
        for client in (maker, trader, watcher):
            await client.load_markets()
        await run(maker, trader, watcher)
    finally:
        for client in (maker, trader, watcher):
            await client.close()


async def run(maker, trader, watcher):
    await trader.set_leverage(50, BTC)
    await trader.set_margin_mode("isolated", BTC)
    await maker.create_order(BTC, "limit", "sell", 1, 50_000)
    await trader.create_order(BTC, "market", "buy", 1)
    (position,) = await trader.fetch_positions([BTC])
    equal((position["contracts"], position["leverage"], position["initialMargin"]), (1.0, 50.0, 1_000.0), "position")
    check(49_000 < position["liquidationPrice"] < 49_400, position["liquidationPrice"])

    public = asyncio.create_task(watcher.watch_liquidations(BTC))
    own = asyncio.create_task(trader.watch_my_liquidations(BTC))
    orders = asyncio.create_task(trader.watch_orders(BTC))
    await asyncio.sleep(1.5)
    # Somebody is there to take the position over from the trader.
    await maker.create_order(BTC, "limit", "buy", 2, 49_150)
    mark(49_150)

    seen = (await asyncio.wait_for(public, 10))[-1]
    mine = (await asyncio.wait_for(own, 10))[-1]
    (record,) = await trader.fetch_my_liquidations(BTC)
    for key in ("contracts", "price", "side"):
        check(seen[key] == mine[key] == record[key], key, seen, mine, record)
    equal(record["contracts"], 1.0, "size")
    equal(record["info"]["clientOrderId"][:10], "autoclose-", "name of a forced order")
    event = (await asyncio.wait_for(orders, 10))[-1]
    equal(event["clientOrderId"], record["info"]["clientOrderId"], "the same liquidation in both")
    equal(seen["info"]["ap"] if "ap" in seen["info"] else seen["info"]["o"]["ap"], record["info"]["avgPrice"], "average price")
    equal(await trader.fetch_positions([BTC]), [], "no position is left")

    # The same liquidation as the venue itself explains it.
    (told,) = native("carol", "GET", "/v1/accounts/carol/liquidations?limit=10")["liquidations"]
    explained = native("carol", "GET", f"/v1/liquidations/{told['id']}")
    equal(record["info"]["clientOrderId"], f"autoclose-{explained['id']}", "the liquidation's number")
    equal((explained["symbol"], explained["mark"], explained["leverage"]), ("BTCUSDT", "49150", "50"), "the trigger")
    closed = [stage for stage in explained["stages"] if stage["stage"] in ("partial", "marketClose", "takeover")]
    # Sizes are signed like the order or like the position, as the stage has it.
    size = sum(abs(float(stage.get("filled") or stage.get("size"))) for stage in closed)
    equal(size, record["contracts"], "what was closed by force")
    forced = [
        line for line in native("carol", "GET", "/v1/accounts/carol/fills?limit=100")["rows"]
        if line["cause"] in ("liquidation", "takeover")
    ]
    value = sum(round(abs(float(line["value"])) * 1_000_000) for line in forced)
    equal(value, round(float(record["info"]["cumQuote"]) * 1_000_000), "what it was closed for")
    lost = sum(
        round(float(line["amount"]) * 1_000_000)
        for line in native("carol", "GET", "/v1/accounts/carol/wallet-history?limit=100")["rows"]
        if line["cause"] == "liquidation"
    )
    equal(-lost, round(float(explained["loss"]["trader"]) * 1_000_000), "what the trader lost by it")

    # What the trader had, less what is gone, is what is left, to the unit.
    income = await trader.fetch_ledger("USDT", None, 100)
    total = sum(round(float(line["info"]["income"]) * 1_000_000) for line in income)
    balance = (await trader.fetch_balance())["info"]["assets"][0]["walletBalance"]
    equal(total, round(float(balance) * 1_000_000), "lines of the ledger add up to the balance")


asyncio.run(main())
print("ok")
