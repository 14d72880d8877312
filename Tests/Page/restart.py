"""The page outlives its venue: it says that the connection is lost, and goes on by itself when the venue is there
again, with its session, its account, fresh prices, and the trades of the meantime."""
from browser import AWAY, REFUSED, WIDE, Watch, browser, sign
from playwright.sync_api import expect
from stand import check, equal
from venue import Venue

TOLD = """async () => {
    const { stream } = await import("/venue/desk.js");
    return new Promise((done) => {
        const end = stream.listen("trades:BTCUSDT", (trade) => { end(); done(trade.id); });
    });
}"""

with Venue() as venue, browser() as chromium:
    watch = Watch(venue.url, REFUSED + AWAY)
    page = watch.page(chromium.new_page(viewport=WIDE))
    page.goto(venue.url + "/")
    sign(page, "rita", "Sign up")
    page.get_by_role("button", name="+ 10,000 USDT").click()
    expect(page.locator("bw-account")).to_contain_text("10,000.00 USDT")
    before = page.evaluate(TOLD)
    state = page.locator(".state")
    expect(state).to_have_text("")

    venue.stop()
    expect(state).to_contain_text("connection lost")
    venue.start()
    expect(state).to_have_text("", timeout=30_000)
    check(page.evaluate(TOLD) > before, "a trade of the new run")
    mark = page.locator(".mark").text_content()
    expect(page.locator(".mark")).not_to_have_text(mark)
    expect(page.locator("bw-account")).to_contain_text("10,000.00 USDT")
    page.get_by_label("Leverage").fill("20")
    expect(page.get_by_text("BTCUSDT is isolated at 20x.")).to_be_visible()
    equal(page.evaluate("import('/venue/desk.js').then(({ stream }) => stream.missed)"), 0, "messages missed")
    watch.end()
print("ok")
