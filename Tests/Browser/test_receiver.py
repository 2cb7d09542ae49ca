"""The receiver page."""

import pytest

from waiting import until


def test_counters_dialects_and_sinks_are_shown(open_page):
    page = open_page("/receiver")
    page.wait_for_selector("#sinks dt")
    for label in ("Started", "Refused: no token", "Open"):
        assert page.locator("#connections").get_by_text(label, exact=True).count() == 1


@pytest.mark.stub
def test_the_logs_of_a_call_are_one_timeline(open_page):
    page = open_page("/receiver")
    until(page, "document.getElementById('call').options.length > 5")
    page.select_option("#call", "CA00001")
    page.wait_for_selector("#log tbody tr")
    times = page.locator("#log time").evaluate_all("all => all.map(t => t.dateTime)")
    assert times == sorted(times) and len(times) == 7
    kinds = page.locator("#log tbody tr").evaluate_all("all => all.map(r => r.dataset.log)")
    assert kinds[:4] == ["answer", "answer", "receiver", "webhook"]
    page.click("[data-log=webhook]")
    assert page.locator("#log tbody tr").count() == 6
    assert page.url.endswith("?call=CA00001")


def test_no_call_chosen_is_a_state_of_its_own(open_page):
    page = open_page("/receiver")
    page.wait_for_selector("text=No call selected")
