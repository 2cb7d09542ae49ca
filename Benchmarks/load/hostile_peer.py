"""One hostile Twilio stream beside the calls of a load run. A stream that the server closes is opened again.

    python3 Benchmarks/load/hostile_peer.py wss://127.0.0.1:8443/media steps 20

steps    real-time media whose timestamps jump ahead by 299 s twice per second
flood    media as fast as the server reads it
dtmf, unknown, pings   such messages as fast as the server reads them, on a stream without media

Standard library only. Prints how many messages were sent, in how many streams, and how the server closed them.
"""

import base64
import collections
import json
import os
import random
import socket
import ssl
import struct
import sys
import time
from urllib.parse import urlsplit

KINDS = ["steps", "flood", "dtmf", "unknown", "pings"]
PACKET_MS = 20
JUMP_EVERY_MS, JUMP_MS = 500, 299_000
TEXT, CLOSE, PING = 0x1, 0x8, 0x9
PAYLOAD = base64.b64encode(bytes(random.Random(1).randrange(256) for _ in range(160))).decode()


def frame(opcode: int, data: bytes) -> bytes:
    """One masked WebSocket frame (RFC 6455 §5.2); a mask of zeros is a mask."""
    if len(data) > 125:
        return struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, len(data)) + bytes(4) + data
    return struct.pack("!BB", 0x80 | opcode, 0x80 | len(data)) + bytes(4) + data


def message(event: str, **fields: object) -> bytes:
    return frame(TEXT, json.dumps({"event": event, **fields}).encode())


def connect(url, timeout_s: float) -> socket.socket:
    """An upgraded connection."""
    peer = socket.create_connection((url.hostname, url.port), timeout=5)
    if url.scheme == "wss":
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        peer = context.wrap_socket(peer, server_hostname=url.hostname)
    key = base64.b64encode(os.urandom(16)).decode()
    peer.sendall(
        f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        received = peer.recv(4096)
        if not received:
            raise OSError("closed during the upgrade")
        answer += received
    status = answer.split(b"\r\n")[0].decode()
    if " 101 " not in status:
        raise OSError(status)
    # The server may read slowly on purpose: a write may take as long as the run.
    peer.settimeout(timeout_s)
    return peer


def opening(stream: str, number: int) -> bytes:
    """What comes before the first media message."""
    return message("connected", protocol="Call", version="1.0.0") + message(
        "start", sequenceNumber="1", streamSid=stream, start={
            "streamSid": stream, "callSid": f"CAhostile{number}", "accountSid": "AC1", "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}, "customParameters": {}})


def hostile_message(kind: str, stream: str, number: int) -> bytes:
    """Message `number` of a stream, counted from 1."""
    sequence = {"sequenceNumber": str(number + 1), "streamSid": stream}
    if kind == "pings":
        return frame(PING, b"%d" % number)
    if kind == "dtmf":
        return message("dtmf", **sequence, dtmf={"track": "inbound_track", "digit": str(number % 10)})
    if kind == "unknown":
        return message(f"unknown{number}", **sequence)
    clock_ms = number * PACKET_MS
    if kind == "steps":
        clock_ms += clock_ms // JUMP_EVERY_MS * JUMP_MS
    return message("media", **sequence, media={
        "track": "inbound", "chunk": str(number), "timestamp": str(clock_ms), "payload": PAYLOAD})


def close_reason(peer: socket.socket, error: OSError) -> str:
    """The code and reason of the server's close frame; where there is none to read, the error."""
    try:
        peer.settimeout(0.2)
        data = b""
        while chunk := peer.recv(65_536):
            data += chunk
    except OSError:
        pass
    # Pongs precede it. A server's frame is not masked, and a close frame is short.
    while len(data) >= 2 and (size := data[1]) <= 125:
        if data[0] & 15 == CLOSE and size >= 2:
            return f"{struct.unpack('!H', data[2:4])[0]} {data[4:2 + size].decode(errors='replace')}".strip()
        data = data[2 + size :]
    return type(error).__name__


def send_until(end: float, kind: str, peer: socket.socket, stream: str, counts: collections.Counter) -> None:
    """Sends until the time is over or the server closes the stream."""
    began, number = time.monotonic(), 0
    while time.monotonic() < end:
        number += 1
        peer.sendall(hostile_message(kind, stream, number))
        counts["messages"] += 1
        if kind == "steps":
            time.sleep(max(0, began + number * PACKET_MS / 1000 - time.monotonic()))


def main(address: str, kind: str, seconds: float) -> None:
    # The emulator on the same core goes first: it must keep real time.
    os.nice(5)
    url, end = urlsplit(address), time.monotonic() + seconds
    counts, closed = collections.Counter(), collections.Counter()
    while (left := end - time.monotonic()) > 0:
        peer = None
        try:
            peer = connect(url, max(left, 0.1))
            counts["streams"] += 1
            stream = f"MZhostile{os.getpid()}x{counts['streams']}"
            peer.sendall(opening(stream, counts["streams"]))
            send_until(end, kind, peer, stream, counts)
        except TimeoutError:
            closed["still open, no longer read"] += 1
        except OSError as error:
            closed[close_reason(peer, error) if peer else str(error)] += 1
            time.sleep(0.1)
        finally:
            if peer:
                peer.close()
    ends = "; ".join(f"{count} × {reason}" for reason, count in closed.most_common(4))
    print(f"{kind}: {counts['messages']} messages in {counts['streams']} streams" + (f"; closed: {ends}" if ends else ""))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
