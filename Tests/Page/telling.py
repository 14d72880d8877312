"""What is told of a liquidation: its stages, where the money went, what would have saved it; and to whom it is told."""
from browser import REFUSED, WIDE, Watch, inspect, plain
from playwright.sync_api import expect
from stand import equal, eventually, mark, native
from trading import make, standing


def be_liquidated(page):
    native("alice", "DELETE", "/v1/accounts/alice/orders")
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
    agree(page, told)
    equal(page.locator(".timeline li").count() > 1, True, "stages of the timeline")
    inspect(page, "liquidation")
    return number, told


def agree(page, told):
    """The table says what the API says, and what flows into the picture is what flows out of it."""
    total = page.get_by_role("row", name="in all").locator("td").text_content()
    equal(plain(total), told["loss"]["total"], "the loss on the page and in the API")
    expect(page.get_by_role("img", name="Where the money went")).to_be_visible()
    given, had = page.evaluate("""async (told) => {
        const { flows } = await import("/parts/sankey.js");
        const { sum } = await import("/venue/exact.js");
        const { nodes, links } = flows(told);
        const inner = nodes.filter((node) => node.column === 1);
        const amounts = (key, node) => links.filter((link) => link[key] === node).map((link) => link.amount);
        const through = (key) => inner.map((node) => sum("0", ...amounts(key, node)));
        return [through("to"), through("from")];
    }""", told)
    equal(given, had, "what went into each stage and what came out of it")


def otherwise(page):
    """What would have saved it, found by replay when asked for."""
    page.get_by_role("button", name="What would have saved it?").click()
    expect(page.get_by_text("More margin that would have saved it")).to_be_visible()


def share(page, browser, watch, url, told):
    """Whoever has the link reads the same, signed out; and nothing else."""
    page.get_by_role("button", name="Share by a link").click()
    link = page.get_by_label("Link to this liquidation")
    expect(link).to_be_visible()
    stranger = watch.page(browser.new_context(viewport=WIDE).new_page())
    stranger.goto(link.input_value())
    expect(stranger.get_by_role("heading", name="What happened")).to_be_visible()
    agree(stranger, told)
    for button in ("Share by a link", "What would have saved it?"):
        equal(stranger.get_by_role("button", name=button).count(), 0, "what is its owner's: " + button)
    equal(stranger.get_by_text("false").count(), 0, "words that are not for readers")
    expect(stranger.get_by_role("button", name="Sign in or up")).to_be_visible()
    inspect(stranger, "shared")
    stranger.context.close()
    lost = Watch(url, REFUSED + ("status of 404",))
    stranger = lost.page(browser.new_page())
    stranger.goto(url + "/#/shared/nothing-of-the-kind")
    expect(stranger.get_by_text("Nothing is shared under this link.")).to_be_visible()
    lost.end()
    stranger.close()
