"""Sends signed MiniVoice webhooks, each with another event, over persistent connections; four per call.

    python3 Benchmarks/load/webhook_sender.py http://127.0.0.1:8444 SECRET SECONDS RATE [CONNECTIONS=32]

RATE is webhooks per second; 0 sends as many as are accepted. All requests are prepared before the first is sent. Prints how
many were sent and accepted, the rate, and milliseconds from the request to its answer; exits 1 if one was refused.
"""

import asyncio
import hashlib
import hmac
import os
import re
import sys
import time
from urllib.parse import urlsplit

EVENTS = ("call.created", "call.answered", "recording.completed", "call.completed")
LENGTH = re.compile(rb"content-length: *(\d+)", re.I)
MAX_RATE = 20_000


def requests(host, secret, count):
    """Every request is signed when it is prepared: well within the five minutes for which a signature is valid."""
    run = os.urandom(4).hex()
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    timestamp = str(int(time.time())).encode()
    ready = []
    for number in range(count):
        call = f"call_{run}_{number // 4}"
        body = (
            f'{{"event":"{EVENTS[number % 4]}","created_at":"{made}","call":{{"id":"{call}","customer_id":"cust_demo",'
            f'"application_id":"app_demo","status":"in_progress","direction":"inbound","from":"+4930111222",'
            f'"to":"+4930111223"}},"variables":{{"order":"{number}"}},"data":{{"event_key":"{call}:{number % 4}"}}}}'
        ).encode()
        signature = hmac.new(secret, timestamp + b"." + body, hashlib.sha256).hexdigest().encode()
        ready.append(
            b"POST /webhooks/minivoice HTTP/1.1\r\nHost: " + host + b"\r\nContent-Type: application/json\r\n"
            b"X-MiniVoice-Timestamp: " + timestamp + b"\r\nX-MiniVoice-Signature: v1=" + signature
            + b"\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
        )
    return ready


class Sender(asyncio.Protocol):
    def __init__(self, load):
        self.load, self.read = load, b""
        self.done = load.loop.create_future()

    def connection_made(self, transport):
        self.transport = transport
        self.send()

    def send(self):
        load = self.load
        if load.next == len(load.ready) or load.loop.time() >= load.end:
            self.transport.close()
            return
        if load.rate:
            wait = load.start + load.next / load.rate - load.loop.time()
            if wait > 0:
                load.loop.call_later(wait, self.send)
                return
        self.sent = load.loop.time()
        request = load.ready[load.next]
        load.next += 1
        self.transport.write(request)

    def data_received(self, data):
        self.read += data
        end = self.read.find(b"\r\n\r\n")
        if end < 0:
            return
        length = LENGTH.search(self.read, 0, end)
        if len(self.read) < end + 4 + (int(length[1]) if length else 0):
            return
        self.load.times.append(self.load.loop.time() - self.sent)
        self.load.refused += not self.read.startswith(b"HTTP/1.1 200 ")
        self.read = b""
        self.send()

    def connection_lost(self, error):
        if error:
            self.load.refused += 1
        self.done.set_result(None)


class Load:
    def __init__(self, ready, rate, seconds):
        self.loop = asyncio.get_running_loop()
        self.ready, self.rate = ready, rate
        self.next = self.refused = 0
        self.times = []
        self.start = self.loop.time()
        self.end = self.start + seconds


async def main(url, secret, seconds, rate, connections=32):
    parts = urlsplit(url)
    ready = requests(parts.netloc.encode(), secret.encode(), int(seconds * (rate or MAX_RATE)))
    print("ready", flush=True)
    load = Load(ready, rate, seconds)
    opened = [
        await load.loop.create_connection(lambda: Sender(load), parts.hostname, parts.port) for _ in range(connections)
    ]
    await asyncio.gather(*(sender.done for _, sender in opened))
    took = load.loop.time() - load.start
    times = sorted(load.times)
    print(
        f"sent {load.next}, accepted {len(times) - load.refused}, refused {load.refused}; "
        f"{len(times) / took:.0f} per second, "
        f"answered p50 {times[len(times) // 2] * 1e3:.2f} ms, p99 {times[len(times) * 99 // 100] * 1e3:.2f} ms"
    )
    sys.exit(1 if load.refused else 0)


url, secret, seconds, rate, *rest = sys.argv[1:]
asyncio.run(main(url, secret, float(seconds), float(rate), *map(int, rest)))
