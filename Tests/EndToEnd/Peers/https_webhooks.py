"""Sends signed webhooks over HTTPS, and replaces the receiver's certificate meanwhile: the open connection must go on, and
new ones must see the new certificate.

Usage: https_webhooks.py PORT CERTIFICATE KEY NEW_CERTIFICATE NEW_KEY — the secret is in WEBHOOK_SECRET.
"""

import hashlib
import hmac
import http.client
import json
import os
import ssl
import sys
import time

port, certificate, key, new_certificate, new_key = sys.argv[1:]
secret = os.environ["WEBHOOK_SECRET"].encode()


def trusting(path):
    context = ssl.create_default_context(cafile=path)
    # A certificate that is its own authority lacks what a strict reader asks of one.
    context.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", 0)
    return context


def connect(context):
    connection = http.client.HTTPSConnection("localhost", int(port), context=context, timeout=20)
    connection.connect()
    return connection


def post(connection, event):
    body = json.dumps({
        "event": event, "created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "call": {"id": "call_tls", "status": "in_progress", "direction": "inbound"}, "variables": {}, "data": {},
    }).encode()
    timestamp = str(int(time.time()))
    signature = hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    connection.request("POST", "/webhooks/minivoice", body, {
        "Content-Type": "application/json", "X-MiniVoice-Timestamp": timestamp,
        "X-MiniVoice-Signature": "v1=" + signature,
    })
    answer = connection.getresponse()
    answer.read()
    return answer.status


def connect_within(seconds, context):
    """The receiver looks at its files once a second: until then it shows the certificate that it had."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return connect(context)
        except ssl.SSLCertVerificationError as error:
            assert time.monotonic() < deadline, f"the new certificate was not shown within {seconds} s: {error}"
            time.sleep(0.1)


def is_refused(context):
    try:
        connect(context).close()
    except (ssl.SSLError, ConnectionError):
        return True
    return False


before = trusting(certificate)
old = trusting(certificate)
assert is_refused(ssl.create_default_context()), "nobody's authority stands behind this certificate"
ancient = trusting(certificate)
ancient.set_ciphers("DEFAULT@SECLEVEL=0")
ancient.minimum_version = ssl.TLSVersion.TLSv1
ancient.maximum_version = ssl.TLSVersion.TLSv1_1
assert is_refused(ancient), "TLS 1.1 is too old"

kept = connect(before)
socket = kept.sock
assert kept.sock.version() in ("TLSv1.2", "TLSv1.3")
assert post(kept, "call.created") == 200
after = trusting(new_certificate)
os.replace(new_certificate, certificate)
os.replace(new_key, key)
assert post(connect_within(20, after), "call.answered") == 200
assert is_refused(old), "the old certificate is not shown any more"
assert post(kept, "call.completed") == 200 and kept.sock is socket, "the open connection went on"
