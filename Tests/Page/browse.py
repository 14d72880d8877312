"""What every script of this folder does with a page: watch it for faults, hold it against axe's rules, take its picture."""
import pathlib
import urllib.parse

from axe_playwright_python.sync_playwright import Axe
from stand import URL, check, equal

PICTURES = pathlib.Path("out/page")
PICTURES.mkdir(parents=True, exist_ok=True)
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# What the scripts themselves have the venue refuse; a browser logs every such answer.
EXPECTED = ("status of 400", "status of 422", "status of 401")
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
            page.screenshot(path=PICTURES / f"{name}-{kind}-{scheme}.png", full_page=True)
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        check(width <= 0, f"{name}, {kind}: {width} pixels stick out to the right")
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
