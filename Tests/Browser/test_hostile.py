"""Text from outside is shown as text."""

import pytest

from calls import HOSTILE
from waiting import until

pytestmark = pytest.mark.stub


@pytest.fixture
def hostile(monitor):
    monitor.play(calls=3, hostile=True)
    return monitor


def is_harmless(page):
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.querySelectorAll('main img, main script').length") == 0
    assert page.evaluate("/[\\u0000-\\u0008\\u202A-\\u202E\\u2066-\\u2069]/.test(document.body.innerText)") is False
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [360, 1440])
def test_the_list_of_calls_shows_hostile_names_as_text(open_page, hostile, width):
    page = open_page("/", width=width)
    page.wait_for_selector("#calls .grid-space >> text=<img src=x")
    page.wait_for_timeout(500)
    assert "[U+202E]" in page.locator("#calls").inner_text()
    is_harmless(page)


@pytest.mark.parametrize("width", [360, 1440])
def test_the_call_shows_hostile_names_as_text(open_page, hostile, width):
    page = open_page("/", width=width)
    page.click("#calls .grid-space >> text=<img src=x")
    page.wait_for_url("**/calls/**")
    page.wait_for_selector("h1 >> text=<img src=x")
    page.wait_for_selector("#badges .tag.good")
    page.wait_for_timeout(500)
    is_harmless(page)


@pytest.mark.parametrize("width", [360, 1440])
def test_the_receiver_shows_hostile_values_as_text(open_page, hostile, width):
    page = open_page("/receiver", width=width)
    until(page, "document.getElementById('call').options.length >= 5")
    page.select_option("#call", HOSTILE)
    page.wait_for_selector("#log >> text=<img src=x")
    is_harmless(page)
