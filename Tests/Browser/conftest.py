"""A browser, and a monitor for it: the stub, or the program at SIDETONE_MONITOR_URL."""

import asyncio
import os
import threading

import pytest
import requests
from aiohttp import web
from playwright.sync_api import sync_playwright

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


@pytest.fixture(scope="session")
def server():
    url = os.environ.get("SIDETONE_MONITOR_URL")
    if url:
        yield Monitor(url.rstrip("/"), is_stub=False)
        return
    stub = StubThread()
    yield Monitor(f"http://127.0.0.1:{stub.port}", is_stub=True)
    stub.stop()


@pytest.fixture
def monitor(server, request):
    """The server; tests marked `stub` need what only the stub can do."""
    if not server.is_stub:
        if request.node.get_closest_marker("stub"):
            pytest.skip("only the stub can be told to do this")
        return server
    server.reset()
    return server


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, monitor):
    """Opens a page of the monitor; a script error or a breach of the content policy fails the test."""
    contexts, faults = [], []

    def open_(path="/", width=1440, height=900, wait=True, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
        page.goto(monitor.url + path)
        if wait:
            page.wait_for_selector("body[data-connection=open]")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def call_id(monitor):
    """The id of an active call that has been running for a while."""
    if monitor.is_stub:
        return "CA00001"
    calls = requests.get(f"{monitor.url}/v1/calls?state=active", timeout=10).json()["calls"]
    assert calls, "these tests need a running call"
    return calls[-1]["id"]
