"""Made-up calls: every value is a function of the call and the time, so nothing has to be kept."""

import base64
import datetime
import io
import time
import wave

from tape import BANDS, DELAYS, RATE, TRACKS, Tape

HOSTILE = "<img src=x onerror=\"window.hacked=1\">\u202Emoc.live\u0000=HYPERLINK(\"http://x\")" + "A" * 300


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Call:
    """Call `number` of a run: plays the tape from a place of its own."""

    def __init__(self, number, tape: Tape, hostile=False, started=None, offset=None):
        self.tape = tape
        self.number = number
        self.id = HOSTILE if hostile else f"CA{number:05d}"
        self.sender = HOSTILE if hostile else f"+49•••••{(number * 7) % 100:02d}"
        self.receiver = HOSTILE if hostile else f"+44•••••{(number * 13) % 100:02d}"
        self.dialect = HOSTILE if hostile else ("twilio", "signalwire", "minivoice")[number % 3]
        self.offset = (number * 3.7 if offset is None else offset) % tape.length // 0.1 * 0.1
        self.started = started if started is not None else time.time() - 12 - (number * 17) % 600
        self.ended = None

    @property
    def seconds(self):
        return round((self.ended or time.time()) - self.started, 2)

    def step(self, seconds):
        return int(round(seconds * 10 + self.offset * 10)) % self.tape.steps

    def value(self, track, name, seconds):
        return self.tape.values[track][name][self.step(max(0, seconds - 0.1))]

    def values(self, track, first, last):
        """The values of the steps [first, last) of a track."""
        start = self.step(0)
        values = {name: [values[(start + i) % self.tape.steps] for i in range(first, last)] for name, values in self.tape.values[track].items()}
        return values | {"arrival_jitter_ms": [self.jitter(track, i / 10) for i in range(first, last)]}

    def spectrum(self, track, first, last):
        columns = self.tape.spectra[track]
        start = self.step(0) * 5
        data = b"".join(columns[(start + i) % (self.tape.steps * 5)].tobytes() for i in range(first, last))
        return base64.b64encode(data).decode()

    def jitter(self, track, seconds):
        base = 4 if track == "inbound" else 7
        return round(base + (self.number * 5 + int(seconds * 3) * 7) % 11 / 2 + (22 if 8 < seconds % 31 < 9 else 0), 1)

    def signals(self, since, until):
        """CloudEvents told in (since, until], in the order of being told."""
        told = []
        for name, track, start, end, values in self.tape.signals:
            first = start - self.offset
            while first < 0:
                first += self.tape.length
            length = end - start
            at = first
            while at <= until:
                told += self.tell(name, track, round(at, 3), round(at + length, 3), values)
                at += self.tape.length
        told = [(when, event) for when, event in told if since < when <= until]
        return [event for _, event in sorted(told, key=lambda t: t[0])]

    def tell(self, name, track, start, end, values):
        values = dict(values)
        moment = values.pop("moment", False)
        base = {"track": track} if track else {}
        delay = DELAYS.get(name, 0.1)
        if moment:
            return [(end, self.event(name, end, base | {"start": start, "end": end} | values))]
        return [
            (start + delay, self.event(f"{name}.started", start, base | {"start": start} | values)),
            (end, self.event(f"{name}.ended", end, base | {"start": start, "end": end} | values)),
        ]

    def event(self, name, at, data):
        return {
            "specversion": "1.0", "id": f"{self.id}-{name}-{data['start']}", "source": "/sidetone/stub", "type": f"sidetone.{name}.v1",
            "subject": self.id, "time": stamp(self.started + at), "datacontenttype": "application/json", "data": data,
        }

    def open_alerts(self, seconds):
        return self.tape.alerts[self.step(seconds)] if self.ended is None else []

    def alerts(self):
        now = self.seconds
        place = self.step(now) / 10
        return [{"type": name, "severity": values.get("severity", "warn"), "track": track, "start": round(max(0, now - (place - start)), 2)}
                for name, track, start, values in self.open_alerts(now)]

    def track(self, name):
        now = self.seconds
        return {
            "level_dbfs": self.value(name, "level_dbfs", now), "peak_dbfs": self.value(name, "peak_dbfs", now),
            "speech": bool(self.value(name, "speech", now)), "clipped": self.value(name, "peak_dbfs", now) > -3,
            "low": name == "inbound" and self.number % 9 == 4, "dead": False, "gaps": int(now // 31) if self.number % 4 == 1 else 0,
            "lost_packets": 3 * int(now // 31), "arrival_jitter_ms": self.jitter(name, now),
        }

    def silence(self):
        return min(round(self.seconds, 1), self.tape.silence[self.step(self.seconds)])

    def document(self):
        tracks = {name: self.track(name) for name in TRACKS}
        said = [name for name in TRACKS if tracks[name]["speech"]]
        active = self.ended is None
        side = {"active_level_dbfs": -24.6, "speech_seconds": self.seconds * 0.4}
        return {
            "id": self.id, "state": "active" if active else "ended", "started_at": stamp(self.started),
            "ended_at": None if active else stamp(self.ended), "duration_s": self.seconds, "from": self.sender, "to": self.receiver,
            "streams": [{"id": f"MZ{self.number:05d}", "dialect": self.dialect, "codec": "PCMU", "sample_rate_hz": 8000,
                         "state": "active" if active else "ended", "reason": None if active else "stop", "folder": "x"}],
            "speaking": "both" if len(said) == 2 else said[0] if said and active else "none",
            "hold": active and any(a["type"] == "hold_suspected" for a in self.alerts()),
            "tracks": tracks, "silence_s": self.silence(), "talk_share": {"inbound": 0.46, "outbound": 0.54},
            "overtalk_s": round(self.seconds * 0.02, 1), "interruptions": {"inbound": int(self.seconds // 62), "outbound": 0},
            "response_latency_ms": {"inbound": 430, "outbound": 210}, "alerts": self.alerts(),
            "totals": None if active else {"silence_seconds": self.seconds * 0.2, "inbound": side, "outbound": side},
            "files": [] if active else ["inbound.wav", "outbound.wav", "call.wav", "signals.jsonl"],
        }

    def levels(self):
        now = self.seconds
        levels = {t: self.value(t, "level_dbfs", now) for t in TRACKS}
        speech = {t: self.value(t, "speech", now) for t in TRACKS}
        said = [t for t in TRACKS if speech[t]]
        speaking = "both" if len(said) == 2 else said[0] if said else "none"
        return [self.id, now, speaking, levels["inbound"], speech["inbound"], levels["outbound"], speech["outbound"], self.silence(), len(self.open_alerts(now))]

    def timeline(self, since=0.0):
        first, last = int(since * 10), int(self.seconds * 10)
        return {
            "call": self.id, "step_ms": 100, "from": first / 10, "to": self.seconds,
            "tracks": {t: self.values(t, first, last) for t in TRACKS},
            "signals": self.signals(since - 0.001, self.seconds), "gaps": [],
        }

    def log(self):
        def entry(at, log, event, **values):
            return {"time": stamp(self.started + at), "log": log, "event": event, "values": values}

        entries = [
            entry(-0.412, "answer", "answer.requested", method="POST", path="/answer", **{"from": self.sender, "to": self.receiver}),
            entry(-0.398, "answer", "answer.sent", status=200, actions="start_stream, say", url="wss://voice.example/media"),
            entry(-0.205, "receiver", "socket.upgraded", path="/media", dialect=self.dialect, peer="192.0.2.7"),
            entry(-0.180, "webhook", "stream-started", status="in-progress", signature="valid"),
            entry(0.0, "receiver", "stream.opened", stream=f"MZ{self.number:05d}", codec="PCMU", tracks="inbound, outbound"),
            entry(0.021, "receiver", "media.first", track="inbound", sequence=1),
            entry(8.2, "receiver", "media.gap", track="inbound", packets=9, first_sequence=401),
        ]
        if self.ended:
            entries += [entry(self.seconds, "receiver", "stream.closed", reason="stop", rows=int(self.seconds * 100)),
                        entry(self.seconds + 0.2, "webhook", "stream-stopped", duration=self.seconds, signature="valid")]
        return {"call": self.id, "entries": entries}

    def recording(self):
        frames = int(self.seconds * RATE)
        start = int(self.offset * RATE)
        pcm = self.tape.pcm
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(RATE)
            while frames > 0:
                part = pcm[start : start + frames]
                file.writeframes(part.tobytes())
                frames -= len(part)
                start = 0
        return out.getvalue()


__all__ = ["BANDS", "HOSTILE", "TRACKS", "Call", "Tape", "stamp"]
