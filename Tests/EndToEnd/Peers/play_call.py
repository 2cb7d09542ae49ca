"""Plays a call into a receiver as Twilio would, by Python's websockets: URL, certificate, inbound.wav, outbound.wav.

The files are WAV with G.711 mu-law; their payload is sent as it is. Written against the platform's documentation only.
"""

import asyncio
import base64
import json
import ssl
import struct
import sys

import websockets


def mulaw(path):
    """The bytes of the data chunk of a mu-law WAV file."""
    data = open(path, "rb").read()
    at, kind = 12, None
    while at < len(data):
        name, size = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        if name == b"fmt ":
            kind = struct.unpack("<H", data[at + 8 : at + 10])[0]
        if name == b"data":
            assert kind == 7, "not mu-law"
            return data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    raise SystemExit("no data chunk")


async def main(url, ca, inbound, outbound):
    context = ssl.create_default_context(cafile=ca)
    async with websockets.connect(url, ssl=context, compression=None) as socket:
        number = 0

        async def send(event, **fields):
            nonlocal number
            number += 1
            await socket.send(json.dumps({"event": event, "sequenceNumber": str(number), "streamSid": "MZpython", **fields}))

        await socket.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        await send(
            "start",
            start={
                "streamSid": "MZpython", "accountSid": "ACpython", "callSid": "CApython",
                "tracks": ["inbound", "outbound"], "customParameters": {},
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            },
        )
        tracks = {"inbound": mulaw(inbound), "outbound": mulaw(outbound)}
        for packet in range((max(map(len, tracks.values())) + 159) // 160):
            for track, audio in tracks.items():
                payload = audio[packet * 160 : packet * 160 + 160]
                if payload:
                    await send(
                        "media",
                        media={
                            "track": track, "chunk": str(packet + 1), "timestamp": str(packet * 20),
                            "payload": base64.b64encode(payload).decode(),
                        },
                    )
        await send("stop", stop={"accountSid": "ACpython", "callSid": "CApython"})
        await socket.wait_closed()
        assert socket.close_code == 1000, socket.close_code


asyncio.run(main(*sys.argv[1:]))
