"""The risk desk: what everybody sees, what a risk admin sees and does; and a page that keeps up."""
from browser import change, inspect, plain, sign
from playwright.sync_api import expect
from stand import check, equal, eventually, native
from trading import make

# Counts what the page is told of marks and how often it draws.
MEASURE = """async (milliseconds) => {
    const { stream } = await import("/venue/desk.js");
    let told = 0, frames = 0, longest = 0, last = performance.now();
    const end = stream.listen("marks:BTCUSDT", (data, { isSnapshot }) => { if (!isSnapshot) told += 1; });
    const until = last + milliseconds;
    await new Promise((done) => {
        const frame = (now) => {
            frames += 1;
            longest = Math.max(longest, now - last);
            last = now;
            if (now < until) requestAnimationFrame(frame); else done();
        };
        requestAnimationFrame(frame);
    });
    end();
    return { told, frames, longest, missed: stream.missed };
}"""


def run_the_desk(page, url):
    """A trader sees no controls and may not halt; a risk admin does."""
    make("sell", "49000", "2")
    native("bob", "PUT", "/v1/accounts/bob/positions/BTCUSDT/leverage", {"leverage": "20", "mode": "isolated"})
    native("bob", "POST", "/v1/accounts/bob/orders",
           {"symbol": "BTCUSDT", "side": "buy", "type": "market", "size": "2"})
    page.goto(url + "/#/risk")
    expect(page.get_by_role("heading", name="Insurance fund")).to_be_visible()
    equal(page.get_by_role("button", name="Halt everything").count(), 0, "controls that a trader sees")
    status, refusal = change(page, "POST", "/v1/admin/halt", {})
    equal(status, 403, "a trader's attempt to halt")
    check(refusal["error"]["message"].endswith("."), "a sentence", refusal)
    inspect(page, "desk")
    page.get_by_role("button", name="Sign out").click()
    sign(page, "warden", "Sign in")
    page.get_by_role("button", name="Halt everything").click()
    page.get_by_role("dialog").get_by_role("button", name="Halt everything").click()
    expect(page.get_by_text("Every contract is halted.")).to_be_visible()
    equal(native("operator", "GET", "/v1/contracts/BTCUSDT")["trading"], "halted", "trading")
    expect(page.locator("section[aria-label=State]")).to_contain_text("halted")
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Trading goes on.")).to_be_visible()
    page.get_by_label("What if the mark of BTCUSDT went to").fill("30000")
    page.get_by_role("button", name="Try it on a copy").click()
    expect(page.get_by_role("row", name="bob BTCUSDT")).to_be_visible()
    told = native("operator", "POST", "/v1/admin/what-if", {"prices": {"BTCUSDT": "30000"}})
    shown = page.locator("bw-shock dd").nth(2).text_content()
    check(abs(float(plain(shown)) - float(told["insurance"]["USDT"])) <= 0.01, shown, told["insurance"])
    for name in ("Where positions in BTCUSDT are liquidated", "What a falling or rising mark of BTCUSDT would force"):
        expect(page.get_by_role("img", name=name)).to_be_visible()
    expect(page.get_by_label("Rulebook", exact=True)).to_have_value("binance")
    expect(page.locator(".source")).to_contain_text("waterfall")
    inspect(page, "risk")


def brand(page, url):
    """Name, logo and colours of the venue come from one file."""
    page.route("**/brand.json", lambda route: route.fulfill(
        json={"name": "Harbour", "logo": "logo.svg", "colours": {"accent": "rgb(11, 93, 94)"}}))
    page.goto(url + "/#/limits")
    page.reload()
    expect(page.get_by_role("link", name="Harbour")).to_be_visible()
    expect(page).to_have_title("Limits · Harbour")
    expect(page.locator("nav a[aria-current]")).to_have_css("border-bottom-color", "rgb(11, 93, 94)")
    page.unroute("**/brand.json")


def keep_up(page, url, move):
    """Sixty marks a second: all of them are told, none is missed, and the page goes on drawing."""
    page.goto(url + "/#/trade")
    expect(page.get_by_role("table", name="Order book of BTCUSDT")).to_be_visible()
    seconds = 5
    # It is not waited for: marks are set meanwhile.
    measure = f"({MEASURE})({seconds * 1_000 + 500}).then((found) => {{ globalThis.measured = found; }})"
    page.evaluate("() => { " + measure + " }")
    sent = move(seconds)
    found = eventually(lambda: page.evaluate("() => globalThis.measured"), "the measurement")
    print(f"{sent / seconds:.0f} marks a second: {found['told']} told, {found['frames'] / seconds:.0f} frames a second,"
          f" the longest {found['longest']:.0f} ms")
    check(sent / seconds >= 50, f"only {sent} marks were sent in {seconds} s")
    check(found["told"] >= sent * 0.9, found, sent)
    equal(found["missed"], 0, "messages missed")
    check(found["longest"] < 500, found)
