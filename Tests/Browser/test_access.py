"""Keyboard, names, roles, contrast, widths."""

from importlib.resources import files

import pytest

from waiting import until

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
PATHS = ["/", "/calls/CA00001", "/receiver?call=CA00001", "/login"]


def violations(page):
    page.evaluate(AXE)
    result = page.evaluate("axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })")
    return [f"{v['id']}: {v['help']}: {[n['html'][:140] for n in v['nodes'][:3]]}" for v in result["violations"]]


@pytest.mark.stub
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(open_page, path, width, scheme):
    page = open_page(path, width=width, color_scheme=scheme, wait=path != "/login")
    page.wait_for_timeout(800)
    assert violations(page) == []


@pytest.mark.stub
def test_axe_finds_nothing_after_the_call_and_without_connection(open_page, monitor):
    monitor.play(end="CA00001")
    page = open_page("/calls/CA00001")
    page.wait_for_selector("#player:not([hidden])")
    page.wait_for_timeout(500)
    assert violations(page) == []
    monitor.play(refuse=True, drop=True)
    page.wait_for_selector("body[data-connection=lost]")
    # What is out of date is greyed, and may have less contrast while the banner says so.
    assert [v for v in violations(page) if not v.startswith("color-contrast")] == []


@pytest.mark.stub
@pytest.mark.parametrize("width", [360, 768, 1024, 1440, 1920, 3840])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_wider_than_the_window(open_page, path, width):
    page = open_page(path, width=width, height=1000, wait=path != "/login")
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.stub
def test_a_call_is_found_and_opened_by_keyboard_alone(open_page):
    page = open_page("/")
    page.wait_for_selector("#calls .grid-space > .row:not([hidden])")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "calls":
            break
    assert page.evaluate("document.activeElement.id") == "calls"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("#calls [aria-selected=true]")
    active = page.evaluate("document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).querySelector('.call-link').getAttribute('href')")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{active}")


@pytest.mark.stub
def test_the_timeline_is_moved_and_read_by_keyboard_alone(open_page):
    page = open_page("/calls/CA00001")
    page.wait_for_selector("#events .grid-space > .row:not([hidden])")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "lanes":
            break
    shown = lambda: page.locator("#range").inner_text()
    before = shown()
    page.keyboard.press("ArrowLeft")
    until(page, "before => document.getElementById('range').textContent !== before", before)
    assert page.locator("#follow").get_attribute("aria-pressed") == "false"
    page.wait_for_timeout(200)
    before = shown()
    page.keyboard.press("+")
    until(page, "before => document.getElementById('range').textContent !== before", before)
    page.keyboard.press("p")
    until(page, "document.getElementById('announcer').textContent !== ''")
    page.keyboard.press("Enter")
    page.wait_for_selector("#details:not([hidden])")
    assert page.evaluate("document.activeElement.id") == "details"


@pytest.mark.stub
def test_the_focus_is_seen(open_page):
    page = open_page("/")
    page.wait_for_selector("#calls .grid-space > .row:not([hidden])")
    for _ in range(14):
        page.keyboard.press("Tab")
        outline = page.evaluate("(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(document.activeElement))")
        assert outline[0] != "none" and outline[1] >= 1


def test_the_theme_is_kept(open_page):
    page = open_page("/", color_scheme="light")
    background = lambda: page.evaluate("getComputedStyle(document.body).backgroundColor")
    light = background()
    page.click("#theme")
    page.click("#theme")
    dark = background()
    assert dark != light
    page.reload()
    assert background() == dark


def test_less_motion_is_honoured(open_page):
    page = open_page("/", reduced_motion="reduce")
    assert page.evaluate("[...document.querySelectorAll('*')].every(e => getComputedStyle(e).animationName === 'none')")
