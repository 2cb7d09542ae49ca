"""A browser, and a monitor for it: the stub, and the real program where SIDETONE_PROGRAM names it."""

import asyncio
import os
import threading

import pytest
import requests
from aiohttp import web
from playwright.sync_api import sync_playwright

from program import PROGRAM, Program
from stub_server import application

PATIENCE_MS = 10_000
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


class Monitor:
    """The server under test. `play` is for the stub only."""

    def __init__(self, url, is_stub):
        self.url, self.is_stub = url, is_stub

    def play(self, **wanted):
        requests.post(f"{self.url}/stub", json=wanted, timeout=20).raise_for_status()

    def reset(self):
        self.play(calls=12, refuse=False, status=None)


class StubThread:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        assert self.ready.wait(60), "the stub did not start"

    def run(self):
        asyncio.set_event_loop(self.loop)
        self.runner = web.AppRunner(application(12), shutdown_timeout=1)
        self.loop.run_until_complete(self.runner.setup())
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        self.loop.run_until_complete(site.start())
        self.port = site._server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()

    def stop(self):
        asyncio.run_coroutine_threadsafe(self.runner.cleanup(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)


def pytest_generate_tests(metafunc):
    """What needs nothing that only the stub can be told is asked of the program too."""
    if "monitor" not in metafunc.fixturenames:
        return
    needs_stub = any(mark.name == "stub" for mark in metafunc.definition.iter_markers())
    metafunc.parametrize("served_by", ["stub"] if needs_stub or not PROGRAM else ["stub", "program"])


@pytest.fixture(scope="session")
def stub():
    stub = StubThread()
    yield Monitor(f"http://127.0.0.1:{stub.port}", is_stub=True)
    stub.stop()


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """The program, with one call that runs as long as the tests."""
    program = Program(tmp_path_factory.mktemp("program")).start()
    program.play(times=40, name="long")
    program.wait_for(lambda: program.calls("active"))
    yield program
    program.close()


@pytest.fixture(scope="session")
def call_id_of_program(program):
    """The id of the call that runs, once it has run for a while."""
    call = program.calls("active")[0]["id"]
    program.wait_for(lambda: program.get(f"/v1/calls/{call}")["duration_s"] > 5)
    return call


@pytest.fixture
def monitor(served_by, request):
    """The server under test."""
    if served_by == "program":
        return Monitor(request.getfixturevalue("program").url, is_stub=False)
    server = request.getfixturevalue("stub")
    server.reset()
    return server


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """Opens a page of any program; a script error or a breach of the content policy fails the test."""
    contexts, faults = [], []

    def open_(program, path="/", width=1440, height=900, wait=True, patience_ms=15_000, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(patience_ms)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
        page.frames_seen = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: page.frames_seen.append(frame)))
        page.goto(program.url + path)
        if wait:
            page.wait_for_selector("body[data-connection=open]")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def open_page(visit, monitor):
    """Opens a page of the monitor, as `visit` does."""
    return lambda path="/", *size, **options: visit(monitor, path, *size, patience_ms=PATIENCE_MS, **options)


@pytest.fixture
def call_id(monitor, request):
    """The id of an active call that has been running for a while."""
    return "CA00001" if monitor.is_stub else request.getfixturevalue("call_id_of_program")
