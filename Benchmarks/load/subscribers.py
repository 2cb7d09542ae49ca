"""Reads the monitor as dashboards do: N clients of /v1/events and N clients of /v1/live that subscribe to the active calls.

    python3 Benchmarks/load/subscribers.py http://127.0.0.1:8080 5

Plain sockets and no JSON parsing, because the server is what is measured. Ends with the server; prints the bytes received.
"""

import asyncio
import base64
import os
import struct
import sys
from urllib.parse import urlsplit

TOTAL = {"events": 0, "live": 0}


async def events(host, port):
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET /v1/events HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    while data := await reader.read(1 << 16):
        TOTAL["events"] += len(data)


async def live(host, port):
    reader, writer = await asyncio.open_connection(host, port)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /v1/live HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 101 " in head.split(b"\r\n")[0], head

    def send(opcode, payload):
        # RFC 6455 §5.1: a client masks; zeros are a mask, too.
        writer.write(bytes([0x80 | opcode, 0x80 | len(payload)]) + bytes(4) + payload)

    send(1, b'{"subscribe":{"active_calls":true}}')
    while True:
        first, second = await reader.readexactly(2)
        size = second & 127
        if size == 126:
            size = struct.unpack(">H", await reader.readexactly(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", await reader.readexactly(8))[0]
        payload = await reader.readexactly(size)
        TOTAL["live"] += size
        if first & 15 == 9:
            send(10, payload)
        elif first & 15 == 8:
            return


async def main(url, count):
    parts = urlsplit(url)
    tasks = [kind(parts.hostname, parts.port) for kind in (events, live) for _ in range(count)]
    await asyncio.gather(*tasks, return_exceptions=True)
    print(f"{count} clients of events: {TOTAL['events']} bytes, {count} of live: {TOTAL['live']} bytes")


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
