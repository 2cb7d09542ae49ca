"""The pages of the real program, with real calls: during a call, after it, when the program goes and comes back."""

import json
import re
import signal

import pytest

from calls import HOSTILE
from pixels import colours
from program import PROGRAM, Platform, Program
from test_access import violations
from test_active_calls import ROW
from test_hostile import is_harmless
from waiting import until

pytestmark = [pytest.mark.program, pytest.mark.skipif(not PROGRAM, reason="SIDETONE_PROGRAM names no program")]


@pytest.fixture
def own(tmp_path):
    """A program for one test alone."""
    program = Program(tmp_path).start()
    yield program
    program.close()


@pytest.fixture(scope="module")
def ended(program):
    """The id of a call that is over, with its recording."""
    known = {call["id"] for call in program.calls("all")}
    player = program.play("--pace", "max", name="ended")
    assert player.wait(60) == 0

    def whole():
        calls = [call for call in program.calls("ended") if call["id"] not in known]
        return calls and "call.wav" in calls[0]["files"] and calls[0]["id"]

    return program.wait_for(whole)


def test_during_a_call_the_list_leads_to_the_call_and_every_lane_has_content(program, visit, call_id_of_program):
    page = visit(program)
    page.wait_for_selector(ROW)
    page.click(f'a[href="/calls/{call_id_of_program}"]')
    page.wait_for_selector("#badges .tag.good")
    page.wait_for_selector("#events .grid-space > .row:not([hidden])")
    until(page, "/dBFS/.test(document.querySelector('.meter-value').textContent)")
    body = program.get(f"/v1/calls/{call_id_of_program}/timeline")
    assert any(value is not None for value in body["tracks"]["inbound"]["f0_hz"]), "F0 is measured"
    page.wait_for_timeout(1_500)
    assert colours(page, "base", 0.45, 0.8) > 20, "spectrogram"


def test_levels_come_ten_times_a_second(program, visit, call_id_of_program):
    """Every step of a tenth of a second is told by itself: blocks of two would be half as often."""
    page = visit(program, f"/calls/{call_id_of_program}")
    page.wait_for_selector("#badges .tag.good")
    page.wait_for_timeout(2_500)
    lengths = [len(m["level_dbfs"]) for m in map(json.loads, page.frames_seen) if m["type"] == "timeline" and m["track"] == "inbound"]
    assert len(lengths) >= 10
    assert sorted(lengths)[len(lengths) // 2] == 1, lengths


def test_after_the_call_the_page_comes_from_the_history_and_plays_on_the_axis(program, visit, ended):
    page = visit(program, f"/calls/{ended}")
    page.wait_for_selector("text=ended: Stop")
    page.wait_for_selector("#player:not([hidden])")
    until(page, "document.getElementById('player-note').textContent === '' && document.getElementById('audio').readyState >= 1", seconds=20)
    assert page.locator("#events .grid-space > .row:not([hidden])").count() > 3
    duration = page.evaluate("document.getElementById('audio').duration")
    assert abs(duration - program.get(f"/v1/calls/{ended}")["duration_s"]) < 0.05
    box = page.locator("#plot").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.62)
    until(page, "half => Math.abs(document.getElementById('audio').currentTime - half) < 0.3", duration / 2)
    page.click("#play")
    until(page, "half => document.getElementById('audio').currentTime > half + 0.5", duration / 2)
    page.click("#play")
    minutes, seconds = page.locator("#position").inner_text().split(":")
    assert abs(int(minutes) * 60 + float(seconds) - page.evaluate("document.getElementById('audio').currentTime")) < 0.3


def test_the_page_goes_on_when_its_call_ends(own, visit):
    player = own.play("--pace", "4")
    call = own.wait_for(lambda: own.calls("active"))[0]["id"]
    page = visit(own, f"/calls/{call}")
    page.wait_for_selector("#badges .tag.good")
    assert player.wait(60) == 0
    page.wait_for_selector("text=ended: Stop")
    page.wait_for_selector("#player:not([hidden])")


def test_program_gone_is_seen_and_its_return_shows_old_and_new_calls(own, visit):
    own.play("--pace", "max")
    old = own.wait_for(lambda: own.calls("ended"))[0]["id"]
    own.play(times=6, name="cut")
    running = own.wait_for(lambda: own.calls("active"))[0]["id"]
    calls, page = visit(own), visit(own, f"/calls/{running}")
    calls.wait_for_selector(ROW)
    own.stop(signal.SIGKILL)
    for view in (calls, page):
        view.wait_for_selector("#banner:not([hidden]) >> text=Connection lost")
    own.start()
    for view in (calls, page):
        view.wait_for_selector("body[data-connection=open]", timeout=40_000)
        assert view.locator("#banner").is_hidden()
    # The call died with the program: the page says so, and no row stays that nobody carries.
    page.wait_for_selector("#badges >> text=/ended/i")
    until(calls, "document.getElementById('count-active').textContent === '0'")
    calls.click("[data-list=ended]")
    calls.wait_for_selector(f'a[href="/calls/{old}"]')
    own.play(times=6, name="new")
    calls.click("[data-list=active]")
    calls.wait_for_selector(ROW)


@pytest.mark.parametrize("width", [360, 1440])
def test_hostile_names_are_text_on_every_page(own, visit, width):
    platform = Platform(own.receiver)
    try:
        hostile = HOSTILE.replace("\0", "")
        platform.open(hostile, hostile, {"from": hostile, "to": hostile, hostile: hostile, "__proto__": "x"})
        calls = visit(own, width=width)
        calls.wait_for_selector(ROW)
        calls.wait_for_timeout(500)
        is_harmless(calls)
        calls.click(f"{ROW} a")
        calls.wait_for_url("**/calls/**")
        # Its numbers are masked; its id stands as it is.
        calls.wait_for_selector("main >> text=<img src=x")
        calls.wait_for_timeout(500)
        is_harmless(calls)
        receiver = visit(own, "/receiver", width=width)
        until(receiver, "document.getElementById('call').options.length >= 2")
        receiver.select_option("#call", index=1)
        receiver.wait_for_selector("#log tbody tr")
        is_harmless(receiver)
    finally:
        platform.close()


def test_media_that_stays_away_is_an_alert(own, visit):
    platform = Platform(own.receiver)
    try:
        platform.open("CAstalled", "MZstalled", seconds=0)
        page = visit(own)
        page.wait_for_selector(f"{ROW} >> text=/stalled/i")
    finally:
        platform.close()


def test_the_receiver_page_has_the_logs_of_the_call(program, visit, call_id_of_program):
    page = visit(program, f"/receiver?call={call_id_of_program}")
    page.wait_for_selector("#log >> text=stream.opened")
    page.wait_for_selector("#sinks >> text=store")
    assert re.search(r"twilio", page.locator("main").inner_text())


@pytest.mark.parametrize("width, scheme", [(360, "dark"), (1440, "light")])
def test_real_pages_fit_and_axe_finds_nothing(program, visit, call_id_of_program, ended, width, scheme):
    for path in ("/", f"/calls/{call_id_of_program}", f"/calls/{ended}", f"/receiver?call={call_id_of_program}"):
        page = visit(program, path, width=width, color_scheme=scheme)
        page.wait_for_timeout(500)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        page.context.close()


def test_two_hundred_calls(tmp_path, visit):
    program = Program(tmp_path, features="[level]", makes_signals=False).start()
    platform = Platform(program.receiver)
    try:
        for number in range(200):
            platform.open(f"CA{number:03d}", f"MZ{number:03d}", {"from": f"+4930123{number:03d}"}, seconds=0.4)
        page = visit(program)
        until(page, "document.getElementById('count-active').textContent === '200'")
        assert page.locator("#calls .grid-space > .row").count() < 40
        page.evaluate("document.getElementById('calls').scrollTop = 1e6")
        page.wait_for_selector("[aria-rowindex='201']:not([hidden])")
        assert "•" in page.locator(f"{ROW} .call-link").first.inner_text()
    finally:
        platform.close()
        program.close()
