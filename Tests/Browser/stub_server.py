"""Stands in for the monitor: serves the dashboard with its real headers, and made-up calls by the monitor's API.

    python3 Tests/Browser/stub_server.py --port 8080 --calls 12

`POST /stub` with JSON changes what it plays: {"calls": 200, "hostile": true, "start": 901, "age": 3600, "end": "CA00001", "refuse": true, "drop": true, "status": 401}.
"""

import argparse
import asyncio
import json
import mimetypes
import time

from aiohttp import WSMsgType, web

from calls import BANDS, TRACKS, Call, Tape, stamp
from tape import ROOT

DASHBOARD = ROOT / "Sources/Edges/Monitor/Resources/Dashboard"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
PAGES = {"/": "index.html", "/receiver": "receiver.html", "/login": "login.html"}
TICK = 0.1


class Stub:
    def __init__(self, count):
        self.tape = Tape()
        self.started = time.time()
        self.sockets = set()
        self.refuses = False
        self.failure = None
        self.active = {}
        self.ended = []
        self.set_calls(count)

    def set_calls(self, count):
        calls = [Call(i, self.tape, started=time.time() - 75 if i == 1 else None, offset=0 if i == 1 else None) for i in range(1, count + 1)]
        self.active = {call.id: call for call in calls}

    def find(self, call_id):
        return self.active.get(call_id) or next((c for c in self.ended if c.id == call_id), None)

    def status(self):
        count = len(self.active)
        return {
            "version": "0.1.0", "started_at": stamp(self.started - 3600), "now": stamp(time.time()), "state": "running",
            "streams": {"open": count, "limit": 1000, "started": count + len(self.ended) + 14},
            "receiver": {"messages": int((time.time() - self.started) * 100 * count), "refused_messages": 2, "unauthorized": 1, "full": 0,
                         "not_found": 3, "dialects": {"twilio": count // 2 + 1, "signalwire": count // 3, "minivoice": count // 4},
                         "errors": {"malformed": 1, "missing_field": 1, "unsupported_encoding": 0}},
            "latency_ms": {"socket_to_row_p50": 0.1, "socket_to_row_p99": 0.3, "signal_delay_p99": 41.0},
            "cpu_percent": round(4 + count * 0.27, 1), "memory_mb": 78.4, "event_loop_lag_ms": 0.4, "worst_queue_age_ms": 20,
            "sinks": [{"name": "csv", "waiting": 3, "waiting_bytes": 3000, "limit_bytes": 8192000, "refused": 0, "failures": 0},
                      {"name": "wav", "waiting": 61, "waiting_bytes": 61000, "limit_bytes": 8192000, "refused": 0, "failures": 0},
                      {"name": "store", "waiting": 840, "waiting_bytes": 840000, "limit_bytes": 1024000, "refused": 12, "failures": 0},
                      {"name": "monitor", "waiting": 0, "waiting_bytes": 0, "limit_bytes": 8192000, "refused": 0, "failures": 0}],
            "subscribers": {"events": 1, "live": len(self.sockets)},
        }


STUB = web.AppKey("stub", Stub)


def problem(status, code, message):
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


@web.middleware
async def guard(request, handler):
    stub = request.app[STUB]
    path = request.path
    if path.startswith("/v1/") and stub.failure:
        return problem(stub.failure, "refused", "The host is not on the allow-list." if stub.failure == 403 else "No valid token.")
    if path.startswith("/v1/") and stub.refuses:
        request.transport.abort()
        raise web.HTTPServiceUnavailable
    try:
        response = await handler(request)
    except web.HTTPNotFound:
        response = problem(404, "not_found", "There is nothing at this address.")
    if not isinstance(response, web.WebSocketResponse):
        response.headers.update(HEADERS)
    return response


async def page(request):
    name = PAGES.get(request.path, "call.html")
    return web.Response(body=(DASHBOARD / name).read_bytes(), content_type="text/html", charset="utf-8")


async def asset(request):
    path = (DASHBOARD / request.match_info["path"]).resolve()
    if not path.is_file() or DASHBOARD not in path.parents:
        raise web.HTTPNotFound
    return web.Response(body=path.read_bytes(), content_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream")


def found(request):
    call = request.app[STUB].find(request.match_info["id"])
    if call is None:
        raise web.HTTPNotFound
    return call


async def calls(request):
    stub = request.app[STUB]
    state = request.query.get("state", "all")
    chosen = (list(stub.active.values()) if state != "ended" else []) + (stub.ended if state != "active" else [])
    chosen.sort(key=lambda c: c.started, reverse=True)
    limit, start = int(request.query.get("limit", 100)), int(request.query.get("cursor", 0))
    more = start + limit < len(chosen)
    return web.json_response({"calls": [c.document() for c in chosen[start : start + limit]], "next": str(start + limit) if more else None})


async def recording(request):
    call = found(request)
    if request.match_info["name"] != "call.wav" or call.ended is None:
        raise web.HTTPNotFound
    data = call.recording()
    window = request.http_range
    if window.start is None:
        return web.Response(body=data, content_type="audio/wav", headers={"Accept-Ranges": "bytes"})
    stop = min(window.stop or len(data), len(data))
    headers = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {window.start}-{stop - 1}/{len(data)}"}
    return web.Response(status=206, body=data[window.start : stop], content_type="audio/wav", headers=headers)


class Subscriber:
    """One socket: what it asked for and what it was sent."""

    def __init__(self, stub, socket):
        self.stub, self.socket = stub, socket
        self.seq = 0
        self.active_calls = False
        self.told_status = 0.0
        self.known = set()
        self.calls = {}
        self.alerts = {}
        self.number = 0

    async def send(self, **message):
        self.seq += 1
        await self.socket.send_str(json.dumps({"seq": self.seq, **message}))

    async def take(self, message):
        wanted = message.get("subscribe", {})
        if wanted.get("active_calls"):
            self.active_calls = True
            self.known = set(self.stub.active)
            await self.send(type="active_calls", at=stamp(time.time()), status=self.stub.status(), calls=[c.document() for c in self.stub.active.values()])
        call = self.stub.active.get(wanted.get("call"))
        if call:
            self.calls[call.id] = [int(call.seconds * 10), int(call.seconds * 50), call.seconds, wanted]
        self.calls.pop(message.get("unsubscribe", {}).get("call"), None)

    async def tick(self):
        if self.active_calls:
            await self.tick_active_calls()
        for call_id, progress in list(self.calls.items()):
            call = self.stub.active.get(call_id)
            if call:
                await self.tick_call(call, progress)
            elif ended := self.stub.find(call_id):
                del self.calls[call_id]
                await self.send(type="call_ended", call=ended.document())

    async def tick_active_calls(self):
        if time.monotonic() - self.told_status >= 1:
            self.told_status = time.monotonic()
            await self.send(type="status", at=stamp(time.time()), status=self.stub.status())
        active = self.stub.active
        for call_id in self.known - set(active):
            if ended := self.stub.find(call_id):
                await self.send(type="call_ended", call=ended.document())
        for call_id in set(active) - self.known:
            await self.send(type="call_started", call=active[call_id].document())
        self.known = set(active)
        entries = []
        for call in active.values():
            now = call.seconds
            alerts = {alert[0] for alert in call.open_alerts(now)}
            if alerts != self.alerts.get(call.id, alerts):
                for event in call.signals(now - 1, now) if alerts - self.alerts[call.id] else []:
                    if any(f".{name}.started" in event["type"] for name in alerts - self.alerts[call.id]):
                        self.number += 1
                        await self.send(type="signal", number=self.number, event=event)
                await self.send(type="call_changed", call=call.document())
            self.alerts[call.id] = alerts
            entries.append(call.levels())
        await self.send(type="levels", t=stamp(time.time()), calls=entries)

    async def tick_call(self, call, progress):
        step, column, said, wanted = progress
        now_step, now_column, now = int(call.seconds * 10), int(call.seconds * 50), call.seconds
        await self.send(type="call", id=call.id, call=call.document())
        for track in TRACKS:
            if wanted.get("wave") and now_step > step:
                await self.send(type="timeline", id=call.id, track=track, step_ms=100, **{"from": step / 10}, **call.values(track, step, now_step))
            if wanted.get("spectrum") and now_column > column:
                await self.send(type="spectrum", id=call.id, track=track, step_ms=20, bands=BANDS, low_hz=0, high_hz=4000,
                                data=call.spectrum(track, column, now_column), **{"from": column / 50})
        for event in call.signals(said, now):
            self.number += 1
            await self.send(type="signal", number=self.number, event=event)
        progress[:3] = now_step, now_column, now


async def live(request):
    stub = request.app[STUB]
    socket = web.WebSocketResponse(heartbeat=10)
    await socket.prepare(request)
    subscriber = Subscriber(stub, socket)
    stub.sockets.add(socket)
    await subscriber.send(type="hello", version="0.1.0", now=stamp(time.time()), rate_hz=10)

    async def ticks():
        while not socket.closed:
            await subscriber.tick()
            await asyncio.sleep(TICK)

    ticking = asyncio.create_task(ticks())
    try:
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                await subscriber.take(json.loads(message.data))
    finally:
        ticking.cancel()
        stub.sockets.discard(socket)
    return socket


async def control(request):
    stub = request.app[STUB]
    wanted = await request.json()
    if "calls" in wanted:
        stub.set_calls(wanted["calls"])
    if wanted.get("hostile"):
        call = Call(77, stub.tape, hostile=True)
        stub.active[call.id] = call
    if wanted.get("start"):
        call = Call(wanted["start"], stub.tape, started=time.time() - wanted.get("age", 0))
        stub.active[call.id] = call
    if "end" in wanted:
        call = stub.active.pop(wanted["end"])
        call.ended = time.time()
        stub.ended.insert(0, call)
    stub.refuses = wanted.get("refuse", stub.refuses)
    stub.failure = wanted.get("status", stub.failure)
    if wanted.get("drop"):
        for socket in list(stub.sockets):
            await socket.close(code=1011)
    return web.json_response({"calls": len(stub.active)})


async def status(request):
    return web.json_response(request.app[STUB].status())


async def call(request):
    return web.json_response(found(request).document())


async def timeline(request):
    return web.json_response(found(request).timeline(float(request.query.get("from", 0))))


async def log(request):
    return web.json_response(found(request).log())


def application(count):
    app = web.Application(middlewares=[guard])
    app[STUB] = Stub(count)
    app.add_routes([
        web.get("/", page), web.get("/receiver", page), web.get("/login", page), web.get("/calls/{id:.+}", page), web.get("/assets/{path:.+}", asset),
        web.get("/v1/status", status), web.get("/v1/calls", calls), web.get("/v1/calls/{id}/timeline", timeline), web.get("/v1/calls/{id}/log", log),
        web.get("/v1/calls/{id}/files/{name}", recording), web.get("/v1/calls/{id}", call), web.get("/v1/live", live), web.post("/stub", control),
    ])
    return app


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The dashboard with made-up calls.")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--calls", type=int, default=12)
    options = parser.parse_args()
    web.run_app(application(options.calls), host="127.0.0.1", port=options.port, print=lambda *_: print(f"http://127.0.0.1:{options.port}/"))
