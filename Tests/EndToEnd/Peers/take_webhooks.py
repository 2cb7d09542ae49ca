"""Receives webhooks as a customer would who has read the vendor's pages: checks the signature over the raw bytes, and is
idempotent by call id and event. Answers 500 to the first two requests, 200 from then on.

Usage: take_webhooks.py FILE — the port is written to standard output, what was taken to FILE at the end of standard input.
The secret is in WEBHOOK_SECRET.
"""

import hashlib
import hmac
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["WEBHOOK_SECRET"].encode()
lock = threading.Lock()
report = {"requests": 0, "forged": 0, "repeated": 0, "taken": [], "callbacks": []}
seen = set()


def is_signed(headers, raw):
    timestamp = headers.get("X-MiniVoice-Timestamp", "")
    wanted = "v1=" + hmac.new(SECRET, timestamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
    fresh = timestamp.isdigit() and abs(time.time() - int(timestamp)) <= 300
    return fresh and hmac.compare_digest(headers.get("X-MiniVoice-Signature", ""), wanted)


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        with lock:
            report["callbacks"].append(self.path)
        self.answer(200)

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/status":
            with lock:
                report["callbacks"].append(json.loads(raw))
            return self.answer(200)
        with lock:
            report["requests"] += 1
            if not is_signed(self.headers, raw):
                report["forged"] += 1
                return self.answer(401)
            if report["requests"] <= 2:
                return self.answer(500)
            event = json.loads(raw)
            key = (event["call"]["id"], event["event"])
            if key in seen:
                report["repeated"] += 1
            else:
                seen.add(key)
                report["taken"].append(event["event"])
        self.answer(200)

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
threading.Timer(60, lambda: os._exit(1)).start()
print(server.server_port, flush=True)
sys.stdin.read()
with open(sys.argv[1], "w") as out:
    json.dump(report, out)
os._exit(0)
