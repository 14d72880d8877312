"""Trading on the page: a first visit, orders and settings with what they would do, margin, warnings, both sides of a
pair."""
from browser import WIDE, change, inspect, plain, sign
from playwright.sync_api import expect
from stand import check, equal, eventually, mark, native


def make(side, price, size, symbol="BTCUSDT"):
    native("alice", "POST", "/v1/accounts/alice/orders",
           {"symbol": symbol, "side": side, "type": "limit", "size": size, "price": price})


def account(name="paige"):
    return native("operator", "GET", "/v1/accounts/" + name)


def standing(name="paige"):
    return account(name)["positions"].get("BTCUSDT")


def close(found, expected, unit, what):
    """Money is shown to two digits."""
    check(abs(float(found) - float(expected)) <= float(unit), f"{what}: found {found}, expected {expected}")


def tour(browser, watch, url):
    """Somebody who has never been here is shown a liquidation, from an account to the last unit."""
    page = watch.page(browser.new_page(viewport=WIDE))
    page.goto(url + "/")
    expect(page.get_by_role("table", name="Order book of BTCUSDT")).to_be_visible()
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    check(paint < 1_000, f"the first paint took {paint:.0f} ms")
    print(f"first paint after {paint:.0f} ms")
    inspect(page, "visit")
    make("sell", "50000", "1")
    page.get_by_role("button", name="Show me a liquidation").click()
    told = page.locator("bw-tour")
    expect(told).to_contain_text("Long 0.1 at 50,000.0")
    mark(49_700)
    expect(told).to_contain_text("A warning")
    mark(49_250)
    expect(told).to_contain_text("Danger")
    inspect(page, "tour")
    make("buy", "49000", "1")
    mark(49_100)
    link = told.get_by_role("link", name="Read this liquidation")
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_role("heading", name="Where the money went").last).to_be_visible()
    page.close()
    native("alice", "DELETE", "/v1/accounts/alice/orders")
    mark(50_000)


def prospect(page, side, name):
    """A figure of the preview."""
    cells = page.locator(".prospects").get_by_role("row", name=name).locator("td")
    return plain(cells.nth(0 if side == "buy" else 1).text_content())


def trade(page, url):
    """A position at 50x: what the preview says before it is sent is what the venue says afterwards."""
    page.goto(url + "/")
    expect(page.get_by_role("table", name="Order book of BTCUSDT")).to_be_visible()
    sign(page, "paige", "Sign up")
    page.get_by_role("button", name="+ 10,000 USDT").click()
    expect(page.get_by_text("10,000 USDT came in.")).to_be_visible()

    # Leverage by the slider, whose far left is cross.
    slider = page.get_by_label("Leverage")
    slider.fill("50")
    expect(page.get_by_text("BTCUSDT is isolated at 50x.")).to_be_visible()
    make("sell", "50000", "0.5")
    make("buy", "49999", "0.5")
    expect(page.locator("bw-order-book")).to_contain_text("50,000.0")

    # A refusal is a sentence, before and after sending.
    page.get_by_label("Type").select_option("market")
    page.get_by_label("Size", exact=True).fill("40")
    expect(page.locator(".prospects td.refusal").first).to_be_visible()
    page.get_by_role("button", name="Buy / long").click()
    expect(page.locator(".notices .bad")).to_be_visible()

    page.get_by_label("Size", exact=True).fill("0.1")
    expect(page.locator(".prospects td.refusal")).to_have_count(0)
    expect(page.locator(".prospects").get_by_role("row", name="Entry").locator("td").first).to_have_text("50,000.0")
    promised = {name: prospect(page, "buy", name)
                for name in ("Margin needed", "Size", "Entry", "Liquidation", "Bankruptcy", "Buffer")}
    equal(prospect(page, "sell", "Size"), "-0.1", "the size after a sell")
    before = float(account()["wallets"]["USDT"]["available"])
    page.get_by_role("button", name="Buy / long").click()
    row = page.locator("bw-positions tbody tr")
    expect(row).to_contain_text("isolated 50x")
    expect(row).to_contain_text("50,000.0")
    after = standing()
    close(promised["Margin needed"], before - float(account()["wallets"]["USDT"]["available"]), "0.01", "margin needed")
    for name, key in (("Size", "size"), ("Entry", "entryPrice"), ("Liquidation", "liquidationPrice"),
                      ("Bankruptcy", "bankruptcyPrice"), ("Buffer", "buffer")):
        equal(float(promised[name]), float(after[key]), "promised and had: " + name)
    inspect(page, "trade")
    return row


def slide(page, row):
    """The slider with a position open: margin and liquidation price are shown, then set, and are what was shown."""
    slider = page.get_by_label("Leverage")
    slider.fill("20")
    told = page.locator("bw-leverage .comparison")
    expect(told).to_be_visible()
    then = lambda name: plain(told.get_by_role("row", name=name).locator("td").nth(1).text_content())
    margin, liquidation, bankruptcy = then("Margin"), then("Liquidation"), then("Bankruptcy")
    equal(standing()["leverage"], "50", "leverage before it is set")
    inspect(page, "leverage")
    page.get_by_role("button", name="Set 20x").click()
    expect(row).to_contain_text("isolated 20x")
    after = standing()
    close(margin, after["margin"], "0.01", "margin at 20x")
    equal(float(liquidation), float(after["liquidationPrice"]), "liquidation price at 20x")
    equal(float(bankruptcy), float(after["bankruptcyPrice"]), "bankruptcy price at 20x")
    expect(told).not_to_be_visible()
    slider.fill("50")
    page.get_by_role("button", name="Set 50x").click()
    expect(row).to_contain_text("isolated 50x")


def warn(page, row):
    """Margin is moved with what it changes; the buffer's warnings come, and are the venue's."""
    before = standing()
    page.get_by_role("button", name="Margin of BTCUSDT").click()
    page.get_by_label("Amount of margin, negative to take back").fill("10")
    told = page.locator("dialog .comparison")
    expect(told).to_be_visible()
    promised = plain(told.get_by_role("row", name="Liquidation").locator("td").nth(1).text_content())
    inspect(page, "margin")
    page.get_by_role("button", name="Move margin").click()
    expect(page.get_by_text("Margin is 110.00 now")).to_be_visible()
    after = standing()
    check(float(after["liquidationPrice"]) < float(before["liquidationPrice"]), before, after)
    equal(float(promised), float(after["liquidationPrice"]), "the liquidation price that was promised")
    expect(row).to_contain_text(f"{float(after['liquidationPrice']):,.1f}")
    # More than may be taken back is refused in the dialog.
    page.get_by_role("button", name="Margin of BTCUSDT").click()
    page.get_by_label("Amount of margin, negative to take back").fill("-100")
    expect(page.locator("dialog .refusal")).to_be_visible()
    expect(page.get_by_role("button", name="Move margin")).to_be_disabled()
    page.get_by_role("button", name="Leave it").last.click()
    mark(49_700)
    expect(page.locator(".banner.warn")).to_contain_text("less than 80 %")
    mark(49_200)
    expect(page.locator(".banner.bad")).to_contain_text("in danger")
    eventually(lambda: plain(page.locator("bw-positions .gauge").text_content()) == standing()["buffer"],
               "the buffer of the API on the page")
    inspect(page, "danger")


def hedge(page, url):
    """Both sides of a pair beside one another, each with buttons of its own; closed all at once."""
    status, _ = change(page, "PUT", "/v1/accounts/paige/hedge", {"on": True})
    equal(status, 200, "hedge mode")
    page.goto(url + "/#/trade")
    page.reload()
    make("sell", "49000", "0.1")
    for side, button, price in (("long", "Buy / long", None), ("short", "Sell / short", "48990")):
        if price:
            make("buy", price, "0.1")
        page.get_by_label("Side of the pair").select_option(side)
        page.get_by_label("Type").select_option("market")
        page.get_by_label("Size", exact=True).fill("0.1")
        page.get_by_role("button", name=button).click()
        expect(page.locator("bw-positions tbody")).to_contain_text("BTCUSDT " + side)
    rows = page.locator("bw-positions tbody tr")
    expect(rows).to_have_count(2)
    inspect(page, "pair")
    make("buy", "48990", "0.1")
    page.get_by_role("button", name="Close BTCUSDT:long").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("BTCUSDT short")
    make("sell", "49000", "0.1")
    page.get_by_role("button", name="Close all").click()
    page.get_by_role("button", name="Close all of them").click()
    expect(page.get_by_text("No open position.")).to_be_visible()
