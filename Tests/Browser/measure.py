"""What the dashboard costs: first paint, frames a second with 500 calls and 50 rows in sight, the page's own CPU.

    python3 Tests/Browser/measure.py http://127.0.0.1:8080 [CALL]

Prints one line a measure. With the stub: start it with `--calls 500`; the stub and the browser share the machine.
"""

import sys
import time

from playwright.sync_api import sync_playwright

from conftest import CHROMIUM

FRAMES = """seconds => new Promise(done => {
  const times = []
  const tick = now => { times.push(now); if (now - times[0] < seconds * 1000) requestAnimationFrame(tick); else done(times) }
  requestAnimationFrame(tick)
})"""
SCROLL = """() => { let y = 0; const grid = document.getElementById('calls'); window.scrolling = setInterval(() => { y = (y + 60) % 15000; grid.scrollTop = y }, 16) }"""


def busy(session):
    return {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}


def cost(page, seconds):
    """Share of a core that the page's main thread works, and the parts of it."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before, start = busy(session), time.monotonic()
    page.wait_for_timeout(seconds * 1000)
    after, length = busy(session), time.monotonic() - start
    parts = {name: (after[name] - before[name]) / length for name in ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")}
    return ", ".join(f"{name} {share:.1%}" for name, share in parts.items())


def frames(page, seconds=8):
    times = page.evaluate(FRAMES, seconds)
    gaps = sorted(b - a for a, b in zip(times, times[1:]))
    return f"{1000 * (len(times) - 1) / (times[-1] - times[0]):.1f} frames/s, 99 % within {gaps[int(len(gaps) * 0.99)]:.1f} ms, worst {gaps[-1]:.1f} ms"


def paint(page):
    return page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN")


def main(url, call):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for path in ("/", f"/calls/{call}", "/receiver"):
            firsts = []
            for _ in range(5):
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.goto(url + path)
                page.wait_for_timeout(600)
                firsts.append(paint(page))
                page.close()
            print(f"first paint {path}: median {sorted(firsts)[2]:.0f} ms, worst {max(firsts):.0f} ms")
        page = browser.new_page(viewport={"width": 1440, "height": 2600})
        page.goto(url)
        page.wait_for_timeout(3000)
        rows = page.evaluate("document.getElementById('calls').clientHeight / document.querySelector('#calls .grid-space > .row').offsetHeight")
        print(f"calls, {page.inner_text('#count-active')} calls, {rows:.0f} rows in sight: {frames(page)}; {cost(page, 8)}")
        page.evaluate(SCROLL)
        print(f"calls, while it scrolls: {frames(page)}")
        page.close()
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/calls/{call}")
        page.wait_for_timeout(4000)
        print(f"call, live: {cost(page, 15)}")
        print(f"call, live: {frames(page)}")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2] if len(sys.argv) > 2 else "CA00001")
