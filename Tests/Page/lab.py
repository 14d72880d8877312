"""The lab in a browser: the crash under two rulebooks, a path drawn with the mouse, one from the fields and one from a
file. Every figure is that of the API, and of the command line with the same inputs."""
import json
import pathlib
import subprocess
import urllib.request

from browser import REFUSED, WIDE, Watch, browser, inspect
from playwright.sync_api import expect
from stand import URL, check, equal

PROGRAM = ".build/release/breakwater"
CRASH = "Examples/btc-perp-1m-2022-01-20-to-22.csv"
POPULATION = ["--accounts", "400", "--seed", "7", "--fund", "2000", "--depth", "200000", "--longs", "80",
              "--isolated", "50"]


def told(*arguments):
    return subprocess.run([PROGRAM, *arguments], check=True, capture_output=True, text=True).stdout


def asked(path):
    return json.load(urllib.request.urlopen(URL + "/v1" + path))


def run(page):
    """Presses the button and waits; returns the number of the run and what the API says of it."""
    before = page.url
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_function("before => location.href !== before", arg=before)
    expect(page.locator("output", has_text="Done.")).to_be_visible(timeout=60_000)
    number = page.url.rsplit("/", 1)[1]
    return number, asked("/lab/runs/" + number)["result"]


def shown(page):
    """The table of figures: each name with the figures of the rulebooks."""
    rows = page.get_by_role("region", name="Figures").locator("tbody tr").all()
    return {row.locator("th").text_content(): [each.replace(",", "") for each in row.locator("td").all_text_contents()]
            for row in rows}


def agrees(page, result):
    """What the page shows is what the API answered."""
    figures = shown(page)
    runs = [each["figures"] for each in result["runs"]]
    for name, path in {
        "positions lost": ("liquidations", "positionsLost"), "worth": ("liquidations", "notional"),
        "traders lost": ("loss", "traders"), "spent by the fund": ("loss", "fundSpent"),
        "given up in deleveraging": ("loss", "deleveraged"), "loss in all": ("loss", "total"),
        "fund at its lowest": ("insuranceFund", "lowest"), "fund at the end": ("insuranceFund", "end"),
    }.items():
        equal(figures[name], [str(each[path[0]][path[1]]) for each in runs], name)
    equal(figures["state"], [each["stateHash"] for each in runs], "state")
    equal(figures["difference of the books"], ["0"] * len(runs), "difference of the books")


def crash(page):
    page.goto(URL + "/#/lab")
    expect(page.get_by_role("img", name="The path of prices")).to_be_visible()
    inspect(page, "lab")
    page.get_by_label("Accounts").fill("400")
    page.get_by_label("Seed").fill("7")
    page.get_by_label("Fund, USDT").fill("2000")
    page.get_by_label("Book a side, USDT").fill("200000")
    page.get_by_label("Long, %").fill("80")
    page.get_by_label("Isolated, %").fill("50")
    number, result = run(page)
    agrees(page, result)
    check(result["runs"][1]["figures"]["liquidations"]["positionsLost"] > 100, "nobody was liquidated")
    # A bar for each column and side in which anybody was.
    drawn = sum(float(value) > 0 for each in result["runs"] for side in ("longs", "shorts") for value in each[side])
    equal(page.locator("section:has(.readout) svg rect").count(), drawn, "bars of liquidations")
    inspect(page, "lab-crash")
    for rulebook in ("binance", "bitmex"):
        arguments = ["simulate", "--bars", CRASH, "--rulebook", rulebook, *POPULATION, "--report"]
        data = urllib.request.urlopen(f"{URL}/v1/lab/runs/{number}/data?rulebook={rulebook}").read().decode()
        equal(data, told(*arguments, "json"), f"{rulebook} on the command line")
        report = urllib.request.urlopen(f"{URL}/v1/lab/runs/{number}/report?rulebook={rulebook}").read().decode()
        equal(report, told(*arguments, "html").removesuffix("\n"), f"{rulebook}'s page")
    side_by_side = told("compare", "--bars", CRASH, "--rulebooks", "binance,bitmex", *POPULATION, "--json")
    equal(urllib.request.urlopen(f"{URL}/v1/lab/runs/{number}/data").read().decode(), side_by_side, "the comparison")
    with page.expect_download() as download:
        page.locator(".files li", has_text="Side by side").get_by_role("link", name="page").click()
    text = pathlib.Path(download.value.path()).read_text()
    check(text.startswith("<!doctype html>") and "Who bore the loss" in text, text[:200])
    equal(download.value.suggested_filename, "breakwater-comparison.html", "the file's name")
    # The same address shows the same run to somebody else.
    page.reload()
    expect(page.get_by_role("heading", name="Who bore the loss")).to_be_visible()
    agrees(page, result)


def moment(page):
    """The slider reads out what happened in each column."""
    slider = page.get_by_label("Moment")
    slider.focus()
    before = page.locator(".readout").text_content()
    page.keyboard.press("ArrowRight")
    check(page.locator(".readout").text_content() != before, before)


def draw(page):
    page.goto(URL + "/#/lab")
    page.reload()
    page.get_by_role("button", name="Draw one").click()
    page.get_by_role("button", name="Flat").click()
    pad = page.locator(".pad svg")
    box = pad.bounding_box()
    at = lambda x, y: (box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.mouse.move(*at(0.4, 0.4))
    page.mouse.down()
    page.mouse.move(*at(0.6, 0.85), steps=8)
    page.mouse.move(*at(0.75, 0.5), steps=8)
    page.mouse.up()
    page.get_by_label("Accounts").fill("300")
    page.locator("label", has_text="textbook").get_by_role("checkbox").check()
    _, result = run(page)
    low = min(float(price) for price in result["columns"]["low"])
    # Bottom of the pad is 60 % below the start, and the pointer went to 85 % of the way down.
    check(40_000 * 0.4 < low < 40_000 * 0.7, low)
    equal([each["rulebook"] for each in result["runs"]], ["binance", "bitmex", "textbook"], "rulebooks")
    check(result["runs"][0]["figures"]["liquidations"]["positionsLost"] > 50, "nobody was liquidated")
    agrees(page, result)
    inspect(page, "lab-drawn")
    # Without a pointer: the fields draw a fall of a fifth within an hour.
    page.get_by_role("button", name="Draw one").click()
    page.get_by_label("Fall %").fill("20")
    page.get_by_label("in minutes").fill("60")
    page.get_by_role("button", name="Draw it").click()
    _, result = run(page)
    equal(min(float(price) for price in result["columns"]["low"]), 32_000.0, "the lowest price")


def load(page):
    page.get_by_role("button", name="From a file").click()
    chooser = page.locator("input[type=file]")
    give = lambda text: chooser.set_input_files({"name": "bars.csv", "mimeType": "text/csv", "buffer": text.encode()})
    give("time,price\n1,2\n")
    expect(page.locator(".bad", has_text="The first line is not timestamp,open,high,low,close.")).to_be_visible()
    head = "timestamp,open,high,low,close,volume\n"
    give(head + "2022-01-20 00:00:00,40000,40000,40000,40000,1\n2022-01-20 00:01:00,40000,39000,38000,38000,1\n")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("output.bad")).to_contain_text("path.bars[1].high")
    give(head + "2022-01-20 00:00:00,40000,40000,40000,40000,1\n2022-01-20 00:01:00,40000,40000,38000,38000,1\n")
    expect(page.get_by_text("2 bars from 2022-01-20T00:00:00Z on.")).to_be_visible()
    _, result = run(page)
    equal(result["columns"]["close"], ["40000", "38000"], "closes")


watched = Watch(URL, REFUSED + ("status of 400",))
with browser() as chromium:
    page = watched.page(chromium.new_page(viewport=WIDE))
    crash(page)
    moment(page)
    draw(page)
    load(page)
watched.end()
print("ok")
