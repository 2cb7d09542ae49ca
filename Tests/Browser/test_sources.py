"""Rules that the dashboard's sources keep."""

import re

from tape import ROOT

DASHBOARD = ROOT / "Sources/Edges/Monitor/Resources/Dashboard"


def sources(*endings):
    return [path for path in DASHBOARD.rglob("*") if path.suffix in endings]


def test_nothing_is_inline_and_nothing_comes_from_elsewhere():
    for path in sources(".html"):
        text = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text), path.name
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text), path.name


def test_text_is_never_taken_for_markup():
    for path in sources(".js"):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(\"style\"", path.read_text()), path.name


def test_modules_are_small():
    for path in sources(".js"):
        assert len(path.read_text().splitlines()) < 250, path.name


def test_every_module_is_reached_from_a_page():
    reached, waiting = set(), [DASHBOARD / name.removeprefix("/assets/") for path in sources(".html") for name in re.findall(r'<script[^>]*src="([^"]+)"', path.read_text())]
    # A report has no page of its own: it is the page of a call with this entry.
    waiting = [DASHBOARD / str(path).removeprefix("/assets/") for path in waiting] + [DASHBOARD / "pages/report.js"]
    while waiting:
        path = waiting.pop().resolve()
        if path in reached:
            continue
        reached.add(path)
        text = path.read_text()
        waiting += [path.parent / name for name in re.findall(r'from "(\.[^"]+)"', text)]
        waiting += [DASHBOARD / name for name in re.findall(r'new Worker\("/assets/([^"]+)"', text)]
    assert {path.resolve() for path in sources(".js")} == reached


def test_every_export_is_used():
    texts = {path: path.read_text() for path in sources(".js")}
    everything = "\n".join(texts.values()) + "".join(path.read_text() for path in (ROOT / "Tests/Browser").glob("*.py"))
    for path, text in texts.items():
        for name in re.findall(r"^export (?:async )?(?:function|class|const) (\w+)", text, re.M):
            imports = re.findall(r"import \{([^}]*)\}", everything)
            used = any(name in re.findall(r"\w+", names) for names in imports) or re.search(rf"\)\)\.{name}\b", everything)
            assert used, f"{path.name}: {name} is exported for nobody"
