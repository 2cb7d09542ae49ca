"""Makes the reference packets of Opus and what they decode to; see README.md beside it.

    python3 opus.py
"""
import math
import random
import struct
import subprocess

RATE, SECONDS = 48_000, 0.16
# Every so many samples are kept.
STEP = 5


def sound():
    """A gliding voice-like sound with a little noise."""
    noise = random.Random(7)
    samples = []
    for n in range(int(RATE * SECONDS)):
        t = n / RATE
        f0 = 120 + 200 * t
        value = sum(math.sin(2 * math.pi * k * f0 * t) / k for k in range(1, 12))
        samples.append(int(5_000 * value + noise.uniform(-200, 200)))
    return struct.pack(f"<{len(samples)}h", *samples)


def packets(ogg):
    """The packets of an Ogg stream (RFC 3533), the two headers (RFC 7845) left out; and the samples to skip."""
    place, packet, found = 0, b"", []
    while place < len(ogg):
        count = ogg[place + 26]
        sizes = ogg[place + 27 : place + 27 + count]
        place += 27 + count
        for size in sizes:
            packet += ogg[place : place + size]
            place += size
            if size < 255:
                found.append(packet)
                packet = b""
    skip = struct.unpack_from("<H", found[0], 10)[0]
    return found[2:], skip


def run(arguments, data):
    return subprocess.run(["ffmpeg", "-v", "error", *arguments], input=data, stdout=subprocess.PIPE, check=True).stdout


RAW = ["-f", "s16le", "-ar", str(RATE), "-ac", "1"]
WAYS = {
    "voice": ["-c:a", "libopus", "-application", "voip", "-b:a", "10k", "-cutoff", "4000", "-frame_duration", "20"],
    "hybrid": ["-c:a", "libopus", "-application", "voip", "-b:a", "30k", "-frame_duration", "20"],
    "music": ["-c:a", "opus", "-strict", "-2", "-b:a", "64k"],
}
for name, way in WAYS.items():
    ogg = run([*RAW, "-i", "-", *way, "-f", "ogg", "-"], sound())
    found, skip = packets(ogg)
    # ffmpeg's own decoder, not libopus. It gives what follows the samples to skip.
    decoded = run(["-c:a", "opus", "-i", "-", *RAW, "-"], ogg)
    values = struct.unpack(f"<{len(decoded) // 2}h", decoded)
    with open(f"opus-{name}.txt", "w") as file:
        file.write(f"skip {skip}\n")
        for packet in found:
            file.write(f"packet {packet.hex()}\n")
        kept = values[::STEP]
        for start in range(0, len(kept), 20):
            file.write("samples " + " ".join(map(str, kept[start : start + 20])) + "\n")
