"""The real program: `sidetone serve` with its monitor, and calls that `sidetone call` or a made-up platform plays into it."""

import asyncio
import base64
import json
import os
import signal
import socket
import subprocess
import threading
import time

import requests
from aiohttp import ClientSession, TCPConnector

from tape import ROOT

PROGRAM = os.environ.get("SIDETONE_PROGRAM", "")
PIPELINE = """
sources:
  - websocket: {{ listen: "127.0.0.1:{media}", tls: {{ certificate: "{folder}/cert.pem", key: "{folder}/key.pem" }}, drain_timeout_s: 0 }}
stages:
  - measure: {{ features: {features} }}
  {signal}
sinks:
  - wav: {{ directory: "{folder}/out" }}
  - store: {{ directory: "{folder}/out", batch_ms: 100 }}
  - monitor: {{ listen: "127.0.0.1:{port}" }}
"""


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def repeated(sample, times, path):
    """A sample of the project, played so many times."""
    subprocess.run(["sox", str(ROOT / "Samples/calls" / sample), str(path), "repeat", str(times - 1)], check=True)
    return str(path)


class Program:
    """`sidetone serve` on ports of its own, which stay the same when it is started again."""

    def __init__(self, folder, features="[level, f0, speech]", makes_signals=True):
        self.folder = folder
        self.media, self.port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.receiver = f"wss://127.0.0.1:{self.media}/media"
        self.pipeline = folder / "pipeline.yaml"
        self.pipeline.write_text(PIPELINE.format(
            media=self.media, port=self.port, folder=folder, features=features, signal="- signal" if makes_signals else ""))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(folder / "key.pem"),
             "-out", str(folder / "cert.pem")], check=True, capture_output=True)
        self.process = None
        self.players = []

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", str(self.pipeline), "--threads", "1"], stderr=subprocess.PIPE, text=True, cwd=ROOT)
        waited = {"monitor on ", "listening on "}
        said = []
        for line in self.process.stderr:
            said.append(line)
            waited = {words for words in waited if not line.startswith(words)}
            if not waited:
                # What it says from now on is read and forgotten, so that it never waits for a reader.
                threading.Thread(target=self.process.stderr.read, daemon=True).start()
                return self
        raise AssertionError("the program did not start: " + "".join(said))

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=60)
        self.process = None

    def close(self):
        for player in self.players:
            player.terminate()
        for player in self.players:
            player.wait(timeout=30)
        self.stop()

    def play(self, *options, times=1, name="call", caller="+49301234567", called="+441632960123"):
        """Starts an emulated call of `times` × 21 s with ids of its own; gives its process."""
        actions = self.folder / f"{name}.json"
        stream = {"url": self.receiver, "track": "both_tracks", "custom_parameters": {"from": caller, "to": called}}
        actions.write_text(json.dumps({"version": "1.0.0", "sections": {"main": [{"answer": {}}, {"stream": stream}]}}))
        tracks = []
        for track in ("inbound", "outbound"):
            tracks += [f"--{track}", repeated(f"overtalk-{track}.wav", times, self.folder / f"{name}-{track}.wav")]
        player = subprocess.Popen([PROGRAM, "call", "--actions", str(actions), "--allow-loopback", "--ca", str(self.folder / "cert.pem"), *tracks, *options],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        self.players.append(player)
        return player

    def get(self, path):
        reply = requests.get(self.url + path, timeout=20)
        reply.raise_for_status()
        return reply.json()

    def calls(self, state):
        found, cursor = [], None
        while True:
            page = self.get(f"/v1/calls?state={state}&limit=100" + (f"&cursor={cursor}" if cursor else ""))
            found += page["calls"]
            cursor = page["next"]
            if cursor is None:
                return found

    def wait_for(self, condition, seconds=30):
        """Asks the API until it is as wanted."""
        deadline = time.monotonic() + seconds
        while not (value := condition()):
            assert time.monotonic() < deadline, "the program did not come there in time"
            time.sleep(0.05)
        return value


class Platform:
    """Streams opened by hand, in the words of Twilio: with ids and parameters that no emulator would send."""

    def __init__(self, url):
        self.url = url
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.sockets = []
        self.session = self.wait(self.make_session())

    async def make_session(self):
        return ClientSession(connector=TCPConnector(limit=0))

    def wait(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def open(self, call, stream, parameters=None, seconds=1.0, tracks=("inbound", "outbound")):
        """Opens a stream and sends so much of a tone; it stays open."""
        self.wait(self.send(call, stream, parameters or {}, seconds, tracks))

    async def send(self, call, stream, parameters, seconds, tracks):
        socket = await self.session.ws_connect(self.url, ssl=False)
        self.sockets.append(socket)
        await socket.send_str(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        start = {"streamSid": stream, "accountSid": "AC0", "callSid": call, "tracks": list(tracks), "customParameters": parameters,
                 "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}}
        await socket.send_str(json.dumps({"event": "start", "sequenceNumber": "1", "start": start, "streamSid": stream}))
        number = 1
        for chunk in range(int(seconds * 5)):
            for track in tracks:
                number += 1
                payload = base64.b64encode(bytes([0x8F, 0x0F] * 800)).decode()
                media = {"track": track, "chunk": str(chunk + 1), "timestamp": str(chunk * 200), "payload": payload}
                await socket.send_str(json.dumps({"event": "media", "sequenceNumber": str(number), "media": media, "streamSid": stream}))

    def close(self):
        async def end():
            for socket in self.sockets:
                await socket.close()
            await self.session.close()

        self.wait(end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
