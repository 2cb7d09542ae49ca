"""One hostile Twilio stream beside the load run: `steps` sets its clock ahead by 299 s twice a second, `flood` sends as fast
as the server reads. A stream that the server ends is opened again. Standard library only.

    python3 Benchmarks/hostile.py wss://127.0.0.1:8443/media steps 20
"""
import base64, json, os, random, socket, ssl, struct, sys, time
from urllib.parse import urlsplit

url, kind, seconds = urlsplit(sys.argv[1]), sys.argv[2], float(sys.argv[3])
end = time.monotonic() + seconds
payload = base64.b64encode(bytes(random.Random(1).randrange(256) for _ in range(160))).decode()
sent = streams = 0


def frame(text):
    data = text.encode()
    head = struct.pack("!BBH", 0x81, 0x80 | 126, len(data)) if len(data) > 125 else struct.pack("!BB", 0x81, 0x80 | len(data))
    # A mask of zeros is a mask.
    return head + bytes(4) + data


def connect():
    raw = socket.create_connection((url.hostname, url.port))
    if url.scheme == "wss":
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        raw = context.wrap_socket(raw, server_hostname=url.hostname)
    raw.settimeout(5)
    key = base64.b64encode(os.urandom(16)).decode()
    raw.sendall((f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += raw.recv(4096)
    if b" 101 " not in answer.split(b"\r\n")[0]:
        raise OSError(answer.split(b"\r\n")[0].decode())
    return raw


while time.monotonic() < end:
    try:
        peer = connect()
        streams += 1
        ident = f"MZhostile{os.getpid()}x{streams}"
        peer.sendall(frame(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})))
        peer.sendall(frame(json.dumps({"event": "start", "sequenceNumber": "1", "streamSid": ident, "start": {
            "streamSid": ident, "callSid": f"CAhostile{streams}", "accountSid": "AC1", "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}, "customParameters": {}}})))
        began, number = time.monotonic(), 0
        while time.monotonic() < end:
            number += 1
            clock = number * 20 + (number * 20 // 500 * 299_000 if kind == "steps" else 0)
            peer.sendall(frame(json.dumps({"event": "media", "sequenceNumber": str(number + 1), "streamSid": ident, "media": {
                "track": "inbound", "chunk": str(number), "timestamp": str(clock), "payload": payload}})))
            sent += 1
            if kind == "steps":
                time.sleep(max(0, began + number * 0.02 - time.monotonic()))
        peer.close()
    except OSError:
        time.sleep(0.1)
print(f"{kind}: {sent} messages in {streams} streams")
