"""The dashboard in a browser: a first visit, a 50x position with what is shown before and after, margin, warnings, its
liquidation and what is told of it; then the risk desk. Nothing may be fetched from elsewhere, no error may show in the
console, and every view is held against axe's rules, wide and narrow, light and dark. Pictures of each are left in
out/page."""
import concurrent.futures
import os
import pathlib
import time

import deskwork
import telling
import trading
from browser import PASSWORD, WIDE, Watch, browser
from stand import URL, equal, mark, native


def move(seconds):
    """Sets marks sixty times a second, from a few connections at once; returns how many."""
    steps = [time.monotonic() + number / 60 for number in range(60 * seconds)]

    def set_at(number, moment):
        time.sleep(max(0, moment - time.monotonic()))
        mark(49_000 + number % 7 / 10)

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        for each in [pool.submit(set_at, number, moment) for number, moment in enumerate(steps)]:
            each.result()
    return len(steps)


long = [f"{file}:{number}" for file in pathlib.Path("Page").rglob("*") if file.suffix in (".js", ".css", ".html")
        for number, line in enumerate(file.read_text().splitlines(), 1) if len(line) > 120]
equal(long, [], "lines of more than 120 columns")
native("alice", "POST", "/v1/admin/claim", {"token": os.environ["ADMIN_TOKEN"], "name": "warden", "password": PASSWORD})
watch = Watch(URL)
with browser() as chromium:
    trading.tour(chromium, watch, URL)
    page = watch.page(chromium.new_page(viewport=WIDE))
    row = trading.trade(page, URL)
    trading.slide(page, row)
    trading.warn(page, row)
    _, told = telling.be_liquidated(page)
    telling.otherwise(page)
    telling.share(page, chromium, watch, URL, told)
    trading.hedge(page, URL)
    deskwork.run_the_desk(page, URL)
    deskwork.brand(page, URL)
    deskwork.keep_up(page, URL, move)
watch.end()
print("ok")
