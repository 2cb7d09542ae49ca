"""The call page, live and afterwards."""

import re

import pytest

from pixels import colours, picture
from waiting import until


def test_a_live_call_is_drawn_and_goes_on(open_page, call_id):
    page = open_page(f"/calls/{call_id}")
    page.wait_for_selector("#badges .tag.good")
    page.wait_for_timeout(1500)
    assert colours(page, "base", 0.0, 0.3) > 3, "talk lanes"
    assert colours(page, "base", 0.45, 0.8) > 20, "spectrogram"
    before = picture(page, "base")
    page.wait_for_timeout(500)
    assert picture(page, "base") != before


def test_meters_and_figures_have_values(open_page, call_id):
    page = open_page(f"/calls/{call_id}")
    until(page, "/dBFS/.test(document.querySelector('.meter-value').textContent)")
    assert re.fullmatch(r"\d+\u202f%", page.locator(".share-value.inbound").inner_text())
    assert "Inbound level" in page.locator(".meter-canvas").first.get_attribute("aria-label")


def test_scrolled_lanes_are_those_drawn_whole(open_page, call_id):
    """Following shifts pixels and paints a strip: the picture must be the one that a whole paint gives."""
    page = open_page(f"/calls/{call_id}")
    page.wait_for_timeout(2500)
    page.evaluate("window.WebSocket.prototype.send = () => {}")
    difference = page.evaluate("""async () => {
      const { Stack } = await import('/assets/draw/stack.js')
      const { View } = await import('/assets/draw/view.js')
      const { Timeline } = await import('/assets/model/timeline.js')
      const { themeOf } = await import('/assets/draw/theme.js')
      const lanes = [(await import('/assets/draw/axis.js')).axisLane, ...['inbound', 'outbound'].map((await import('/assets/draw/lanes.js')).talkLane),
        (await import('/assets/draw/waveform.js')).waveformLane('inbound')]
      const body = await (await fetch(`/v1/calls/${location.pathname.split('/').pop()}/timeline`)).json()
      const timeline = new Timeline()
      timeline.applyTimeline(body)
      const theme = themeOf(document.body, false)
      const draw = steps => {
        const canvas = new OffscreenCanvas(600, 400)
        const g = canvas.getContext('2d', { alpha: false })
        const view = new View(20)
        const stack = new Stack(lanes)
        stack.layout(200)
        for (const time of steps) {
          view.resize(600, 1)
          view.limit = timeline.duration
          view.from = time
          view.settle()
          stack.paint(canvas, g, view, timeline, theme, Infinity)
        }
        return g.getImageData(0, 0, 600, 200).data
      }
      const scrolled = draw([5, 5.5, 6.2, 9, 8.5, 12])
      const whole = draw([12])
      let different = 0
      for (let i = 0; i < whole.length; i += 4) if (Math.abs(whole[i] - scrolled[i]) > 24) different += 1
      return different / (whole.length / 4)
    }""")
    assert difference < 0.002, "letters of the axis may be smoothed otherwise at a half pixel, nothing else"


@pytest.mark.stub
def test_the_same_page_goes_on_from_the_history_when_the_call_ends(open_page, monitor):
    page = open_page("/calls/CA00001")
    page.wait_for_selector("#badges .tag.good")
    monitor.play(end="CA00001")
    page.wait_for_selector("#player:not([hidden])")
    page.wait_for_selector("text=ended: Stop")
    until(page, "document.getElementById('player-note').textContent === ''")


@pytest.mark.stub
def test_playback_runs_on_the_clock_of_the_axis(open_page, monitor):
    monitor.play(end="CA00001")
    page = open_page("/calls/CA00001")
    until(page, "document.getElementById('audio').readyState >= 1")
    box = page.locator("#plot").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.62)  # the spectrogram: no event there
    until(page, "document.getElementById('audio').currentTime > 20")
    time, half = page.evaluate("[document.getElementById('audio').currentTime, document.getElementById('audio').duration / 2]")
    assert abs(time - half) < 0.3
    page.click("#play")
    until(page, "from => document.getElementById('audio').currentTime > from + 0.5", time)
    assert page.locator("#play").inner_text() == "Pause"
    page.click("#play")
    shown = page.locator("#position").inner_text()
    minutes, seconds = shown.split(":")
    assert abs(int(minutes) * 60 + float(seconds) - page.evaluate("document.getElementById('audio').currentTime")) < 0.3


@pytest.mark.stub
def test_a_mark_opens_its_event(open_page):
    page = open_page("/calls/CA00001")
    page.wait_for_selector("#events .grid-space > .row:not([hidden])")
    page.click("#fit")
    page.wait_for_timeout(300)
    # The packet loss of the tape lies from 6 to 11 s in the first row of the signals.
    end = page.evaluate("(text => { const [m, s] = text.split(' to ')[1].split(':'); return Number(m) * 60 + Number(s) })(document.getElementById('range').textContent)")
    box = page.locator("#plot").bounding_box()
    em = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") / 14
    page.mouse.click(box["x"] + box["width"] * 8.5 / end, box["y"] + (22 + 24 + 16 + 24 + 12) * em)
    page.wait_for_selector("#details:not([hidden]) h3:has-text('Packet loss')")
    assert "0.031" in page.locator("#details").inner_text()
    page.click("#details button")
    assert page.locator("#details").is_hidden()


def test_an_unknown_call_says_so(open_page):
    page = open_page("/calls/CAnobody", wait=False)
    page.wait_for_selector("text=Unknown call")
    assert page.locator("#content").is_hidden()


@pytest.mark.stub
def test_the_spectrum_of_the_recording_agrees_with_the_one_sent(open_page, monitor):
    """Both are dBFS of the same audio by two programs: numpy in the stub, our own FFT in the worker."""
    page = open_page("/calls/CA00001")
    level = page.evaluate("""async () => {
      const { Spectra } = await import('/assets/audio/spectra.js')
      const spectra = new Spectra(8000)
      const sine = Float64Array.from({ length: spectra.size }, (_, i) => 0.5 * Math.sin(2 * Math.PI * 1015.625 * i / 8000))
      const bytes = new Uint8Array(64)
      spectra.write(sine, bytes, 0)
      return [bytes.indexOf(Math.max(...bytes)), Math.max(...bytes) / 255 * 96 - 96]
    }""")
    # 1015.6 Hz is the middle of band 16 (62.5 Hz each); a sine of amplitude 0.5 is −9.03 dBFS.
    assert level[0] == 16
    # ±1 dB: a byte is 0.38 dB, and half of the outer bins of the window's main lobe lie in the next band.
    assert abs(level[1] + 9.03) < 1
