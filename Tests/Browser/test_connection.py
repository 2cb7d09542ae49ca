"""Loss of the connection, its return, and refusals."""

import pytest

from waiting import until

pytestmark = pytest.mark.stub


@pytest.mark.parametrize("path", ["/", "/calls/CA00001", "/receiver"])
def test_a_lost_connection_is_seen_and_comes_back(open_page, monitor, path):
    page = open_page(path)
    monitor.play(refuse=True, drop=True)
    page.wait_for_selector("#banner:not([hidden]) >> text=Connection lost")
    assert page.locator("body").get_attribute("data-connection") == "lost"
    until(page, "/Next attempt in/.test(document.getElementById('banner-detail').textContent)")
    monitor.play(refuse=False)
    page.wait_for_selector("body[data-connection=open]", timeout=30_000)
    assert page.locator("#banner").is_hidden()


def test_what_was_missed_is_fetched(open_page, monitor):
    page = open_page("/calls/CA00001")
    page.wait_for_selector("#badges .tag.good")
    monitor.play(refuse=True, drop=True)
    page.wait_for_selector("body[data-connection=lost]")
    page.wait_for_timeout(2_000)
    with page.expect_request("**/timeline?from=*", timeout=30_000):
        monitor.play(refuse=False)
        page.wait_for_selector("body[data-connection=open]", timeout=30_000)


def test_attempts_grow_rarer(open_page, monitor):
    page = open_page("/")
    page.evaluate("window.made = []; const Real = WebSocket; window.WebSocket = class extends Real { constructor(...all) { super(...all); window.made.push(performance.now()) } }; 0")
    monitor.play(refuse=True, drop=True)
    until(page, "window.made.length >= 4", seconds=30)
    made = page.evaluate("window.made")
    # Each delay is half to all of 0.5, 1, 2, 4 s: the fourth attempt comes at least 1.75 s after the first.
    assert made[3] - made[0] >= 1_750


def test_no_token_leads_to_the_sign_in(open_page, monitor):
    monitor.play(status=401)
    page = open_page("/", wait=False)
    page.click("#banner-actions button")
    page.wait_for_url("**/login?next=%2F")
    assert page.locator("#next").input_value() == "/"


def test_a_refused_host_says_what_to_do(open_page, monitor):
    monitor.play(status=403)
    page = open_page("/", wait=False)
    page.wait_for_selector("text=allowed_hosts")


def test_next_never_leaves_this_server(open_page):
    page = open_page("/login?next=//evil.example/x", wait=False)
    until(page, "document.getElementById('next').value !== ''")
    assert page.locator("#next").input_value() == "/"
