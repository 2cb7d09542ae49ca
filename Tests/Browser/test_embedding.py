"""The drawing modules need nothing but data and a canvas: one file, no server, draws them."""

import base64
import json
import re

import pytest

from calls import Call, Tape
from pixels import colours
from tape import ROOT
from waiting import until

DASHBOARD = ROOT / "Sources/Edges/Monitor/Resources/Dashboard"
PAGE = """<!doctype html><style>{css}</style><script type="importmap">{imports}</script><canvas id="base"></canvas>
<script id="data" type="application/json">{data}</script>
<script type="module">
import {{ allLanes }} from "draw/all.js"
import {{ EventList }} from "draw/events.js"
import {{ Stack }} from "draw/stack.js"
import {{ themeOf }} from "draw/theme.js"
import {{ View }} from "draw/view.js"
const body = JSON.parse(document.getElementById("data").textContent)
const list = new EventList()
for (const signal of body.signals) list.add(signal)
const series = values => ({{ from: body.from, step: body.step_ms / 1000, length: values.length, values: values.map(v => v ?? NaN) }})
const track = t => ({{ f0: series(t.f0_hz), waveMin: series(t.wave_min), waveMax: series(t.wave_max) }})
const data = {{ duration: body.to, events: list.events, tracks: {{ inbound: track(body.tracks.inbound), outbound: track(body.tracks.outbound) }} }}
const stack = new Stack(allLanes())
stack.layout(600)
const canvas = document.getElementById("base")
canvas.width = 1000
canvas.height = stack.height
const view = new View()
view.resize(1000, 1)
view.setLimit(body.to)
view.fit()
stack.paint(canvas, canvas.getContext("2d"), view, data, themeOf(document.body, false))
document.title = "drawn"
</script>"""


def embedded():
    """Each module as a data: address under the name draw/<file>; `./` in its imports becomes `draw/`."""
    imports = {}
    for path in (DASHBOARD / "draw").glob("*.js"):
        text = re.sub(r'from "\./', 'from "draw/', path.read_text())
        imports[f"draw/{path.name}"] = "data:text/javascript;base64," + base64.b64encode(text.encode()).decode()
    call = Call(1, Tape(), offset=0)
    data = json.dumps(call.timeline()).replace("<", "\\u003c")
    return PAGE.format(css=(DASHBOARD / "css/base.css").read_text(), imports=json.dumps({"imports": imports}), data=data)


@pytest.mark.stub
def test_the_drawing_modules_work_in_one_file_without_a_server(browser, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(embedded())
    page = browser.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(path.as_uri())
    until(page, "document.title === 'drawn'")
    assert faults == []
    assert colours(page, "base", 0.04, 0.2) > 5
    page.close()


def test_the_drawing_modules_ask_for_nothing_outside():
    for path in (DASHBOARD / "draw").glob("*.js"):
        text = path.read_text()
        assert not re.search(r"\bfetch\(|WebSocket|getElementById|querySelector|location\b|localStorage", text), path.name
        assert all(name.startswith("./") for name in re.findall(r'from "([^"]+)"', text)), path.name
