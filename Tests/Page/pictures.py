"""Pictures of the demo market for the README, left in out/page: the trading view, a liquidation, the risk desk.

Argument: how many seconds the market has to fill the chart, 150 if none is given.
"""
import json
import sys
import time

from browser import PASSWORD, PICTURES, WIDE, browser, sign
from playwright.sync_api import expect
from venue import Venue

with Venue() as venue, browser() as chromium:
    time.sleep(float(sys.argv[1]) if len(sys.argv) > 1 else 150)
    page = chromium.new_page(viewport=WIDE, color_scheme="dark")
    page.goto(venue.url + "/")
    sign(page, "warden", "Sign up")
    page.get_by_role("button", name="+ 10,000 USDT").click()
    page.get_by_label("Leverage").fill("25")
    expect(page.get_by_text("BTCUSDT is isolated at 25x.")).to_be_visible()
    page.get_by_label("Type").select_option("market")
    page.get_by_label("Size", exact=True).fill("0.4")
    # In a market that runs, a side of the book may be empty for a while.
    rows = page.locator("bw-positions tbody tr")
    for _ in range(60):
        page.get_by_role("button", name="Sell / short").click()
        page.wait_for_timeout(500)
        if rows.count() > 0:
            break
    page.wait_for_timeout(6_000)
    expect(page.locator(".prospects")).not_to_contain_text("nothing")
    page.screenshot(path=PICTURES / "readme-trade.png")
    page.get_by_role("button", name="Sign out").click()

    # The token for the first risk admin is told to whoever started the venue.
    page.request.post(venue.url + "/v1/admin/claim",
                      data={"token": venue.token, "name": "admiral", "password": PASSWORD})
    sign(page, "admiral", "Sign in")
    page.goto(venue.url + "/#/risk")
    expect(page.get_by_role("img", name="Where positions in BTCUSDT are liquidated")).to_be_visible()
    page.wait_for_timeout(3_000)
    page.screenshot(path=PICTURES / "readme-risk.png")
    # The one that most had a part in, and of those the dearest.
    orders = json.loads(venue.get("/v1/contracts/BTCUSDT/liquidations?limit=1000"))["orders"]
    taken = {order["liquidation"] for order in orders if order["kind"] == "takeover"}
    told = [page.request.get(f"{venue.url}/v1/liquidations/{number}").json() for number in sorted(taken)[-80:]]
    bearers = ("trader", "fund", "providers", "deleveraged")

    def interest(each):
        borne = sum(float(each["loss"][who]) != 0 for who in bearers)
        return borne + any("loss" in stage for stage in each["stages"]), float(each["loss"]["total"])

    best = max(told, key=interest)
    page.goto(f"{venue.url}/#/liquidation/{best['id']}")
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    page.wait_for_timeout(500)
    page.screenshot(path=PICTURES / "readme-liquidation.png")
