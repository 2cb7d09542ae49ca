"""Signs status callbacks with Twilio's own library and sends them: address, public URL, token; then checks a signature of ours.

The library is `twilio` of PyPI; requests are sent by `requests`.
"""

import json
import sys
from urllib.parse import urlencode

import requests
from twilio.request_validator import RequestValidator

address, public, token, signed_url, signature = sys.argv[1:]
validator = RequestValidator(token)
path = "/webhooks/twilio"


def fields(event):
    return {
        "AccountSid": "ACpython", "CallSid": "CApython", "StreamSid": "MZpython", "StreamName": "Grüß Gott & co",
        "StreamEvent": event, "Timestamp": "2026-03-04T09:15:07.250Z",
    }


def post(form, sign=None):
    headers = {"X-Twilio-Signature": validator.compute_signature(public + path, sign or form)}
    return requests.post(address + path, data=form, headers=headers, timeout=30).status_code


def post_signed_over(url, form):
    headers = {"X-Twilio-Signature": validator.compute_signature(url, form)}
    return requests.post(address + path, data=form, headers=headers, timeout=30).status_code


def post_json(fields, body=None):
    text = json.dumps(fields)
    target = f"{path}?bodySHA256={validator.compute_hash(text)}"
    headers = {
        "X-Twilio-Signature": validator.compute_signature(public + target, {}), "Content-Type": "application/json",
    }
    return requests.post(address + target, data=body or text, headers=headers, timeout=30).status_code


def post_by_shared_key(form):
    headers = {
        "X-Twilio-Signature": validator.compute_signature(public + path, form, "HMAC_SHA256"),
        "X-Twilio-Webhooks-Signature-Settings": "key=sk_1,algorithm=HMAC_SHA256",
    }
    return requests.post(address + path, data=form, headers=headers, timeout=30).status_code


def get(form):
    target = f"{path}?{urlencode(form)}"
    headers = {"X-Twilio-Signature": validator.compute_signature(public + target, {})}
    return requests.get(address + target, headers=headers, timeout=30).status_code


started, stopped = fields("stream-started"), fields("stream-stopped")
assert post(started) == 200
assert post(started) == 200, "a second delivery is taken, too"
assert get(stopped) == 200
assert post({"CallSid": "CApython", "CallStatus": "completed", "CallDuration": "31"}) == 200
assert post(stopped, sign=started) == 401, "a forgery"
assert requests.post(address + path, data=started, timeout=30).status_code == 401, "no signature"

# The URL may be signed with its port; JSON is signed by its hash; a shared key signs with SHA-256.
def call(status):
    return {"CallSid": "CApython", "CallStatus": status}


assert post_signed_over(public + ":443" + path, call("initiated")) == 200
assert post_signed_over(public + ":8443" + path, call("ringing")) == 401
assert post_json(call("ringing")) == 200
assert post_json(call("busy"), body=json.dumps(call("failed"))) == 401, "a body that was not signed"
assert post_by_shared_key(call("in-progress")) == 200

# And the other way round: what we sign, the library accepts.
form = {"StreamEvent": "stream-started", "StreamName": "Grüß Gott & co"}
assert validator.validate(signed_url, form, signature)
assert not validator.validate(signed_url, form | {"StreamEvent": "stream-stopped"}, signature)
