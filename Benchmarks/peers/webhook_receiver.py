"""The reference of `load webhooks`: a receiver of MiniVoice webhooks with aiohttp, as short as it can be and still right.

    python3 Benchmarks/peers/webhook_receiver.py SECRET DIRECTORY

Checks the signature over the raw body and its time, reads the JSON, takes every event once, and appends a line to
DIRECTORY/CALL/webhook.jsonl, as Sidetone does.
The port is written to standard output.
"""

import asyncio
import hashlib
import hmac
import json
import os
import sys
import time

from aiohttp import web

secret, directory = sys.argv[1].encode(), sys.argv[2]
seen = set()


async def minivoice(request):
    body = await request.read()
    timestamp = request.headers.get("X-MiniVoice-Timestamp", "")
    expected = "v1=" + hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    signature = request.headers.get("X-MiniVoice-Signature", "")
    if not hmac.compare_digest(expected, signature) or abs(time.time() - int(timestamp)) > 300:
        return web.Response(status=401)
    event = json.loads(body)
    key = event["data"]["event_key"]
    if key not in seen:
        seen.add(key)
        call = event["call"]
        folder = f"{directory}/{call['id']}"
        os.makedirs(folder, exist_ok=True)
        line = {
            "time": time.time(), "log": "webhook", "call": call["id"], "event": event["event"],
            "data": {"status": call["status"], "direction": call["direction"]},
        }
        with open(f"{folder}/webhook.jsonl", "a") as log:
            log.write(json.dumps(line) + "\n")
    return web.Response()


async def main():
    app = web.Application()
    app.router.add_post("/webhooks/minivoice", minivoice)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
