"""Where warnings go, as the page asks for it."""
from browser import inspect
from playwright.sync_api import expect
from stand import equal, native


def choose(page, url):
    """A webhook, its secret, and the levels wanted; a venue without a mail server says so."""
    page.goto(url + "/#/alerts")
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
