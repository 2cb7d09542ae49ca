"""A customer's server in Flask, written as the vendors' pages have it: MiniVoice's signature over the raw body, SignalWire's
status by POST with JSON and by GET, Twilio's requests by the decorator of its tutorial "Secure your Flask App by Validating
Incoming Twilio Requests". Idempotent by call id and event. The first of MiniVoice's requests is answered 500.

Usage: take_webhooks.py FILE — the port is written to standard output, what was taken to FILE at the end of standard input.
The secrets are in WEBHOOK_SECRET and TWILIO_AUTH_TOKEN.
"""

import hashlib
import hmac
import json
import logging
import os
import sys
import threading
import time
from functools import wraps

from flask import Flask, abort, request
from twilio.request_validator import RequestValidator
from werkzeug.serving import WSGIRequestHandler, make_server

app = Flask(__name__)
lock = threading.Lock()
report = {"requests": 0, "failed": 0, "forged": 0, "repeated": 0, "taken": [], "statuses": [], "twilio": []}
seen = set()


def count(name):
    with lock:
        report[name] += 1
        return report[name]


def is_new(*key):
    with lock:
        if key in seen:
            report["repeated"] += 1
            return False
        seen.add(key)
        return True


@app.post("/webhooks/minivoice")
def minivoice():
    number = count("requests")
    timestamp = request.headers.get("X-MiniVoice-Timestamp", "")
    signature = request.headers.get("X-MiniVoice-Signature", "")
    signed = timestamp.encode() + b"." + request.get_data()
    expected = "v1=" + hmac.new(os.environ["WEBHOOK_SECRET"].encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, signature) or abs(time.time() - int(timestamp)) > 300:
        count("forged")
        abort(401)
    if number == 1:
        count("failed")
        abort(500)
    event = request.get_json()
    if is_new(event["call"]["id"], event["event"]):
        with lock:
            report["taken"].append(event["event"])
    return "", 200


@app.route("/webhooks/signalwire", methods=["GET", "POST"])
def signalwire():
    if request.method == "POST":
        params = request.get_json()["params"]
        call, control, state = params["call_id"], params["control_id"], params["state"]
    else:
        call, control, state = (request.args[f"params[{name}]"] for name in ("call_id", "control_id", "state"))
    if is_new(call, control, state):
        with lock:
            report["statuses"].append(f"{request.method} {control} {state}")
    return "", 204


def validate_twilio_request(f):
    """Validates that incoming requests genuinely originated from Twilio."""

    @wraps(f)
    def decorated_function(*args, **kwargs):
        validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
        request_valid = validator.validate(request.url, request.form, request.headers.get("X-TWILIO-SIGNATURE", ""))
        return f(*args, **kwargs) if request_valid else abort(403)

    return decorated_function


@app.post("/webhooks/twilio")
@validate_twilio_request
def twilio():
    with lock:
        report["twilio"].append(f"{request.form['CallSid']} {request.form['StreamEvent']} {request.form['StreamName']}")
    return "", 204


class Receiver(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"


logging.getLogger("werkzeug").disabled = True
server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
threading.Timer(60, lambda: os._exit(1)).start()
print(server.server_port, flush=True)
sys.stdin.read()
with open(sys.argv[1], "w") as out:
    json.dump(report, out)
os._exit(0)
