"""The page of active calls."""

import re

import pytest

from waiting import until

ROW = "#calls .grid-space > .row:not([hidden])"


def durations(page):
    return [sum(int(part) * 60**i for i, part in enumerate(reversed(text.split(":")))) for text in page.locator(f"{ROW} .c-duration").all_inner_texts()]


def in_order(page):
    """Rows are used again as the table scrolls: their order in the document says nothing."""
    return page.evaluate("""() => [...document.querySelectorAll('#calls .grid-space > .row:not([hidden])')]
      .sort((a, b) => a.getAttribute('aria-rowindex') - b.getAttribute('aria-rowindex'))
      .map(row => row.querySelector('.c-duration').textContent).map(t => t.split(':').reduce((s, p) => s * 60 + Number(p), 0))""")


def test_every_active_call_has_a_row_with_masked_numbers(open_page):
    page = open_page("/")
    page.wait_for_selector(ROW)
    links = page.locator(f"{ROW} .call-link").all_inner_texts()
    assert links and all("•" in text for text in links)
    assert page.locator("#count-active").inner_text() == str(page.evaluate("Number(document.getElementById('calls').getAttribute('aria-rowcount')) - 1"))


def test_levels_and_durations_move(open_page):
    page = open_page("/")
    page.wait_for_selector(ROW)
    before = durations(page)
    until(page, "before => document.querySelector('#calls .grid-space > .row .c-duration').textContent !== before",
                           page.locator(f"{ROW} .c-duration").first.inner_text())
    assert durations(page) != before


def test_the_state_of_the_receiver_is_shown(open_page):
    page = open_page("/")
    until(page, "document.querySelector('.figure-value').textContent !== '–'")
    assert re.fullmatch(r"[\d,]+ / [\d,]+", page.locator(".figure", has_text="Admission").locator(".figure-value").inner_text())
    for label in ("CPU", "Worst queue age", "Gaps"):
        assert re.search(r"\d", page.locator(".figure", has_text=label).locator(".figure-value").first.inner_text())


def test_a_column_sorts_both_ways(open_page):
    page = open_page("/")
    page.wait_for_selector(ROW)
    page.click("[data-sort=duration]")
    assert page.locator("[data-sort=duration]").locator("..").get_attribute("aria-sort") == "descending"
    page.wait_for_timeout(200)
    shown = in_order(page)
    assert shown == sorted(shown, reverse=True)
    page.click("[data-sort=duration]")
    page.wait_for_timeout(200)
    shown = in_order(page)
    assert shown == sorted(shown)


@pytest.mark.stub
@pytest.mark.parametrize("width", [700, 960, 1001, 1180, 1200, 1366, 1440, 1920, 3840])
def test_every_column_is_within_the_table(open_page, width):
    page = open_page("/", width=width)
    page.wait_for_selector(ROW)
    assert page.evaluate("""row => { const all = [...document.querySelectorAll(row)].slice(0, 3).flatMap(r => [...r.children].filter(c => c.offsetParent))
      const edge = document.querySelector('#calls .grid-space').getBoundingClientRect().right
      return Math.max(...all.map(c => c.getBoundingClientRect().right - edge)) }""", ROW) <= 0


@pytest.mark.stub
def test_a_filter_leaves_what_matches_and_says_when_nothing_does(open_page):
    page = open_page("/")
    page.wait_for_selector(ROW)
    page.fill("#query", "CA00007")
    until(page, "document.getElementById('shown').textContent === '1 of 12'")
    until(page, "row => document.querySelectorAll(row).length === 1", ROW)
    page.fill("#query", "nobody")
    page.wait_for_selector("text=No call matches")
    assert page.locator(ROW).count() == 0


@pytest.mark.stub
def test_calls_come_and_go(open_page, monitor):
    page = open_page("/")
    page.wait_for_selector(ROW)
    monitor.play(start=901)
    page.wait_for_selector("text=CA00901")
    monitor.play(end="CA00901")
    until(page, "!document.body.innerText.includes('CA00901')")
    page.click("[data-list=ended]")
    page.wait_for_selector("text=CA00901")


@pytest.mark.stub
def test_no_call_is_a_state_of_its_own(open_page, monitor):
    monitor.play(calls=0)
    page = open_page("/")
    page.wait_for_selector("text=No active calls")


@pytest.mark.stub
def test_two_hundred_calls_need_no_more_rows_than_are_seen(open_page, monitor):
    monitor.play(calls=200)
    page = open_page("/")
    until(page, "document.getElementById('count-active').textContent === '200'")
    assert page.locator("#calls .grid-space > .row").count() < 40
    page.evaluate("document.getElementById('calls').scrollTop = 1e6")
    page.wait_for_selector("[aria-rowindex='201']:not([hidden])")
    assert page.locator("#calls").get_attribute("aria-rowcount") == "201"


@pytest.mark.stub
def test_alerts_are_listed_with_their_call(open_page, monitor):
    monitor.play(calls=60)
    page = open_page("/")
    page.wait_for_selector("#alerts li", timeout=30_000)
    assert page.locator("#alerts li a").first.get_attribute("href").startswith("/calls/CA")
