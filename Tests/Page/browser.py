"""What every script of this folder uses: a browser that notices what must not happen, and hands that know the page."""
import contextlib
import os
import pathlib
import urllib.parse

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright
from stand import check, equal

PICTURES = pathlib.Path("out/page")
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PASSWORD = "a word that is long"
# What scripts have the venue refuse; a browser logs every such answer.
REFUSED = tuple(f"status of {status}" for status in (401, 403, 422))
# A venue that is restarted cannot be reached meanwhile.
AWAY = ("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "ERR_SOCKET_NOT_CONNECTED",
        "status of 503", "WebSocket connection")


class Watch:
    """Whatever goes wrong in pages: errors, words in the console, anything fetched from elsewhere."""

    def __init__(self, url, expected=REFUSED):
        self.host = urllib.parse.urlsplit(url).netloc
        self.expected = expected
        self.problems = []

    def page(self, page):
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("console", self.hear)
        page.on("request", self.see)
        return page

    def hear(self, said):
        if said.type == "error" and not any(each in said.text for each in self.expected):
            self.problems.append(f"console: {said.text}")

    def see(self, request):
        if urllib.parse.urlsplit(request.url).netloc != self.host:
            self.problems.append(f"fetched from elsewhere: {request.url}")

    def end(self):
        equal(self.problems, [], "problems")


@contextlib.contextmanager
def browser():
    PICTURES.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage", *os.environ.get("CHROMIUM_FLAGS", "").split()])
        yield opened
        opened.close()


def inspect(page, name):
    """Holds what is shown against axe's rules and takes its picture: wide and narrow, light and dark."""
    for size, kind in ((WIDE, "wide"), (NARROW, "narrow")):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(150)
            found = Axe().run(page)
            broken = [(each["id"], [node["html"][:160] for node in each["nodes"]])
                      for each in found.response["violations"]]
            equal(broken, [], f"axe's rules that {name} breaks, {kind} and {scheme}")
            page.screenshot(path=PICTURES / f"{name}-{kind}-{scheme}.png", full_page=kind == "narrow")
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        check(width <= 0, f"{name}, {kind}: {width} pixels stick out to the right")
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")


def sign(page, name, button):
    page.get_by_role("button", name="Sign in or up").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=button, exact=True).click()


def change(page, method, path, body):
    """Has the page's own session ask for something; returns status and answer."""
    return page.evaluate("""async ([method, path, body]) => {
        const { csrfToken } = await (await fetch("/v1/session")).json();
        const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrfToken };
        const reply = await fetch(path, { method, headers, body: JSON.stringify(body) });
        return [reply.status, await reply.json()];
    }""", [method, path, body])


def plain(text):
    """A figure of the page as the API spells it."""
    return text.strip().replace(",", "").replace("−", "-").replace("+", "").split(" ")[0]
