"""Risk limits where traders choose them: what a higher one would do is shown, done, and is what was shown."""
from browser import WIDE, Watch, browser, inspect, plain, sign
from playwright.sync_api import expect
from stand import URL, check, equal, native
from trading import make

watch = Watch(URL)
with browser() as chromium:
    page = watch.page(chromium.new_page(viewport=WIDE))
    page.goto(URL + "/#/limits")
    expect(page.get_by_text("Sign in to see where you stand.").first).to_be_visible()
    sign(page, "lima", "Sign up")
    page.get_by_role("button", name="+ 10,000 USDT").click()
    page.goto(URL + "/#/trade")
    page.get_by_label("Leverage").fill("10")
    expect(page.get_by_text("BTCUSDT is isolated at 10x.")).to_be_visible()
    make("sell", "50000", "1")
    page.get_by_label("Type").select_option("market")
    page.get_by_label("Size", exact=True).fill("0.5")
    page.get_by_role("button", name="Buy / long").click()
    expect(page.locator("bw-positions tbody tr")).to_contain_text("0.5 long")

    page.goto(URL + "/#/limits")
    card = page.get_by_role("region", name="Limits of BTCUSDT")
    expect(card).to_contain_text("You may go up to")
    expect(card.locator("tr.current")).to_contain_text("yours")
    tiers = native("operator", "GET", "/v1/contracts/BTCUSDT/tiers")["tiers"]
    rows = card.get_by_role("table", name="Tiers of BTCUSDT").locator("tbody tr")
    equal([plain(row.locator("th").text_content()) for row in rows.all()], [tier["upTo"] for tier in tiers], "limits")
    card.get_by_role("button", name="What a limit of").last.click()
    told = card.get_by_role("table", name="A risk limit of")
    expect(told).to_be_visible()
    promised = {name: plain(told.locator("tr").filter(has=page.get_by_role("rowheader", name=name, exact=True))
                            .locator("td").nth(1).text_content()) for name in ("Liquidation", "Maintenance margin")}
    inspect(page, "limits")
    before = native("operator", "GET", "/v1/accounts/lima")["positions"]["BTCUSDT"]
    card.get_by_role("button", name="Set ").click()
    expect(page.get_by_text("The risk limit of BTCUSDT is")).to_be_visible()
    after = native("operator", "GET", "/v1/accounts/lima")["positions"]["BTCUSDT"]
    check(after["riskLimit"] != before["riskLimit"], before, after)
    equal(float(promised["Liquidation"]), float(after["liquidationPrice"]), "the liquidation price that was promised")
    check(abs(float(promised["Maintenance margin"]) - float(after["maintenanceMargin"])) <= 0.01, promised, after)
    expect(card.locator("tr.current th")).to_have_text(f"{int(after['riskLimit']):,}")
watch.end()
print("ok")
