"""The trading view, left open in a market that goes ten times as fast: its memory, nodes and listeners stay as they
are, and no message of the stream is missed. Prints the figures of every half minute.

Argument: how many minutes, 10 if none is given.
"""
import sys
import time

from browser import WIDE, Watch, browser, sign
from playwright.sync_api import expect
from stand import check, equal
from venue import Venue

MINUTES = float(sys.argv[1]) if len(sys.argv) > 1 else 10
# Everything is warm after a fifth of it; from then on memory may grow by so much, in per cent and in bytes.
WARM, SHARE, BYTES = MINUTES * 60 / 5, 10, 1_500_000


class Gauge:
    """What a page uses, after everything that can be let go of has been."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable")
        self.session.send("HeapProfiler.enable")

    def read(self):
        self.session.send("HeapProfiler.collectGarbage")
        figures = {each["name"]: each["value"] for each in self.session.send("Performance.getMetrics")["metrics"]}
        return {"heap": figures["JSHeapUsedSize"], "nodes": figures["Nodes"], "listeners": figures["JSEventListeners"]}


with Venue("--speed", "6000") as venue, browser() as chromium:
    watch = Watch(venue.url)
    page = watch.page(chromium.new_page(viewport=WIDE))
    page.goto(venue.url + "/")
    sign(page, "sam", "Sign up")
    page.get_by_role("button", name="+ 10,000 USDT").click()
    page.get_by_label("Type").select_option("market")
    page.get_by_label("Size", exact=True).fill("0.01")
    rows = page.locator("bw-positions tbody tr")
    # In a market that runs, a side of the book may be empty for a while.
    for _ in range(60):
        page.get_by_role("button", name="Buy / long").click()
        page.wait_for_timeout(500)
        if rows.count() > 0:
            break
    expect(rows).to_contain_text("long")
    page.evaluate("""async () => {
        const { stream } = await import("/venue/desk.js");
        globalThis.told = 0;
        for (const topic of ["marks", "trades", "book", "liquidations"]) {
            stream.listen(topic + ":BTCUSDT", () => { globalThis.told += 1; });
        }
    }""")
    gauge, begin, warm, told = Gauge(page), time.monotonic(), None, 0
    while (past := time.monotonic() - begin) < MINUTES * 60:
        page.wait_for_timeout(min(30_000, MINUTES * 6_000))
        now = gauge.read()
        before, told = told, page.evaluate("globalThis.told")
        print(f"{time.monotonic() - begin:5.0f} s: heap {now['heap'] / 1e6:.2f} MB, {now['nodes']:.0f} nodes, "
              f"{now['listeners']:.0f} listeners, {told} messages", flush=True)
        check(told > before, "the stream went on")
        if warm is None and past >= WARM:
            warm = now
    missed = page.evaluate("import('/venue/desk.js').then(({ stream }) => stream.missed)")
    equal(missed, 0, "messages missed")
    check(now["heap"] <= warm["heap"] * (1 + SHARE / 100) + BYTES, "heap", warm, now)
    check(now["nodes"] <= warm["nodes"] * 1.5 + 200, "nodes", warm, now)
    check(now["listeners"] <= warm["listeners"] * 1.2 + 50, "listeners", warm, now)
    watch.end()
print("ok: memory, nodes and listeners are flat, nothing was missed")
