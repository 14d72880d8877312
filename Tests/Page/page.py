"""The dashboard in a browser: a first visit, a 50x position, margin, warnings, its liquidation and what is told of it; then
the risk desk. Nothing may be fetched from elsewhere, no error may show in the console, and every view is held against axe's
rules, wide and narrow, light and dark. Pictures of each are left in out/page."""
import os
import pathlib
import urllib.parse

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright
from stand import URL, check, command, equal, eventually, mark, native

PICTURES = pathlib.Path("out/page")
PICTURES.mkdir(parents=True, exist_ok=True)
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# What the script itself has the venue refuse; a browser logs every such answer.
EXPECTED = ("status of 422", "status of 401")
problems = []


def watch(page):
    page.on("pageerror", lambda error: problems.append(f"error: {error}"))
    page.on("console", lambda said: problems.append(f"console: {said.text}")
            if said.type == "error" and not any(each in said.text for each in EXPECTED) else None)
    page.on("request", lambda request: problems.append(f"fetched from elsewhere: {request.url}")
            if urllib.parse.urlsplit(request.url).netloc != urllib.parse.urlsplit(URL).netloc else None)


def inspect(page, name):
    """Holds what is shown against axe's rules and takes its picture: wide and narrow, light and dark."""
    for size, kind in ((WIDE, "wide"), (NARROW, "narrow")):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(150)
            found = Axe().run(page)
            broken = [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found.response["violations"]]
            equal(broken, [], f"axe's rules that {name} breaks, {kind} and {scheme}")
            page.screenshot(path=PICTURES / f"{name}-{kind}-{scheme}.png", full_page=kind == "narrow")
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        check(width <= 0, f"{name}, {kind}: {width} pixels stick out to the right")
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")


def make(side, price, size):
    native("alice", "POST", "/v1/accounts/alice/orders",
           {"symbol": "BTCUSDT", "side": side, "type": "limit", "size": size, "price": price})


def sign(page, name, button):
    page.get_by_role("button", name="Sign in or up").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill("a word that is long")
    page.get_by_role("button", name=button, exact=True).click()


def tour(browser):
    """Somebody who has never been here is shown a liquidation, from an account to the last unit."""
    page = browser.new_page(viewport=WIDE)
    watch(page)
    page.goto(URL + "/")
    expect(page.get_by_role("table", name="Order book of BTCUSDT")).to_be_visible()
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


def trade(page):
    page.goto(URL + "/")
    expect(page.get_by_role("table", name="Order book of BTCUSDT")).to_be_visible()
    sign(page, "paige", "Sign up")
    page.get_by_role("button", name="+ 10,000 USDT").click()
    expect(page.get_by_text("10,000 USDT came in.")).to_be_visible()

    # Leverage by the slider, whose far left is cross.
    slider = page.get_by_label("Leverage")
    slider.fill("50")
    expect(page.get_by_text("BTCUSDT is isolated at 50x.")).to_be_visible()
    make("sell", "50000", "0.5")
    expect(page.locator("bw-order-book")).to_contain_text("50,000.0")

    # A refusal is a sentence.
    page.get_by_label("Type").select_option("market")
    page.get_by_label("Size", exact=True).fill("400")
    page.get_by_role("button", name="Buy / long").click()
    expect(page.locator(".notices .bad")).to_be_visible()
    page.get_by_label("Size", exact=True).fill("0.1")
    page.get_by_role("button", name="Buy / long").click()
    row = page.locator("bw-positions tbody tr")
    expect(row).to_contain_text("isolated 50x")
    expect(row).to_contain_text("50,000.0")
    inspect(page, "trade")
    return row


def standing():
    return native("operator", "GET", "/v1/accounts/paige")["positions"].get("BTCUSDT")


def warn(page, row):
    before = standing()["liquidationPrice"]
    page.get_by_label("Amount of margin, negative to take back").fill("10")
    page.get_by_role("button", name="Move margin").click()
    expect(page.get_by_text("Margin is 110.00 now")).to_be_visible()
    after = standing()["liquidationPrice"]
    check(float(after) < float(before), before, after)
    expect(row).to_contain_text(f"{float(after):,.1f}")
    mark(49_700)
    expect(page.locator(".banner.warn")).to_contain_text("less than 80 %")
    mark(49_200)
    expect(page.locator(".banner.bad")).to_contain_text("in danger")
    shown = page.locator("bw-positions .gauge").text_content().strip().split()[0]
    equal(shown, standing()["buffer"], "the buffer on the page and in the API")
    inspect(page, "danger")


def be_liquidated(page):
    make("buy", "48900", "1")
    mark(49_000)
    eventually(lambda: standing() is None or float(standing()["size"]) == 0, "the liquidation")
    page.get_by_role("tab", name="Liquidations").click()
    expect(page.locator(".notices")).to_contain_text("BTCUSDT, liquidation: Over.")
    expect(page.locator(".notices")).not_to_contain_text("undefined")
    link = page.locator("bw-blotter tbody a").first
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    number = page.url.rsplit("/", 1)[1]
    told = native("operator", "GET", "/v1/liquidations/" + number)
    total = page.get_by_role("row", name="in all").locator("td").text_content()
    equal(total.replace(",", ""), told["loss"]["total"], "the loss on the page and in the API")
    inspect(page, "liquidation")


def hedge(page):
    """Both sides of a pair beside one another, each with buttons of its own."""
    status = page.evaluate("""async () => {
        const { csrfToken } = await (await fetch("/v1/session")).json();
        const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrfToken };
        return (await fetch("/v1/accounts/paige/hedge", { method: "PUT", headers, body: '{"on": true}' })).status;
    }""")
    equal(status, 200, "hedge mode")
    page.goto(URL + "/#/trade")
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
    make("buy", "48990", "0.1")
    rows.filter(has_text="BTCUSDT long").get_by_role("button", name="Close").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("BTCUSDT short")


def be_told(page):
    """Where warnings go; a venue without a mail server says so."""
    page.goto(URL + "/#/alerts")
    expect(page.get_by_text("This venue has no mail server")).to_be_visible()
    page.get_by_label("Webhook, a signed POST to").fill("https://hooks.example/breakwater")
    page.get_by_label("Warning: ").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("shown this once")).to_be_visible()
    inspect(page, "alerts")
    told = native("operator", "GET", "/v1/accounts/paige/notifications")
    equal((told["webhook"], told["levels"]["warning"], told["levels"]["danger"]),
          ("https://hooks.example/breakwater", False, True), "what was saved")
    page.get_by_label("Webhook, a signed POST to").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("shown this once")).to_have_count(0)


def run_the_desk(page):
    """A trader sees no controls and may not halt; a risk admin does."""
    make("sell", "49000", "2")
    native("bob", "PUT", "/v1/accounts/bob/positions/BTCUSDT/leverage", {"leverage": "20", "mode": "isolated"})
    native("bob", "POST", "/v1/accounts/bob/orders", {"symbol": "BTCUSDT", "side": "buy", "type": "market", "size": "2"})
    page.goto(URL + "/#/risk")
    expect(page.get_by_role("heading", name="Insurance fund")).to_be_visible()
    equal(page.get_by_role("button", name="Halt everything").count(), 0, "controls that a trader sees")
    page.get_by_role("button", name="Sign out").click()
    sign(page, "warden", "Sign in")
    page.get_by_role("button", name="Halt everything").click()
    expect(page.get_by_text("Every contract is halted.")).to_be_visible()
    equal(native("operator", "GET", "/v1/contracts/BTCUSDT")["trading"], "halted", "trading")
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Trading goes on.")).to_be_visible()
    page.get_by_label("What if the mark of BTCUSDT went to").fill("30000")
    page.get_by_role("button", name="Try it on a copy").click()
    expect(page.get_by_role("row", name="bob BTCUSDT")).to_be_visible()
    expect(page.get_by_role("img", name="If the mark of BTCUSDT falls")).to_be_visible()
    inspect(page, "risk")


native("alice", "POST", "/v1/admin/claim",
       {"token": os.environ["ADMIN_TOKEN"], "name": "warden", "password": "a word that is long"})
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"])
    page = browser.new_page(viewport=WIDE)
    page.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    watch(page)
    tour(browser)
    row = trade(page)
    warn(page, row)
    be_liquidated(page)
    hedge(page)
    be_told(page)
    run_the_desk(page)
    browser.close()
equal(problems, [], "problems")
print("ok")
