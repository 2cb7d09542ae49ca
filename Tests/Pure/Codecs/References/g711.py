"""Writes pcmu.csv and pcma.csv: what each G.711 code decodes to, and the samples that encode to it.

Run: python3.11 g711.py   (needs numpy and soundfile; audioop left Python with 3.13)
"""

import audioop
import io
import sys

import numpy
import soundfile

samples = numpy.arange(-32768, 32768, dtype=numpy.int16)
codes = bytes(range(256))


def libsndfile_encode(subtype):
    """The bytes that libsndfile writes for all 65,536 samples."""
    file = io.BytesIO()
    soundfile.write(file, samples, 8000, subtype=subtype, format="RAW", endian="FILE")
    return numpy.frombuffer(file.getvalue(), numpy.uint8)


def libsndfile_decode(subtype):
    """What libsndfile reads from all 256 bytes."""
    decoded, _ = soundfile.read(
        io.BytesIO(codes), samplerate=8000, channels=1, subtype=subtype, format="RAW", dtype="int16")
    return decoded


def audioop_array(data, kind):
    return numpy.frombuffer(data, kind)


def write(name, encoded, decoded):
    with open(name, "w", newline="\n") as file:
        file.write("code,decoded,lowest,highest\n")
        for code in range(256):
            mine = samples[encoded == code].astype(int)
            # Every code has samples, and they are neighbours: so four columns say all of 65,536 samples.
            assert len(mine) == mine.max() - mine.min() + 1
            file.write(f"{code},{decoded[code]},{mine.min()},{mine.max()}\n")


print(sys.version, soundfile.__libsndfile_version__)
for law, subtype, encode, decode in [
    ("pcmu", "ULAW", audioop.lin2ulaw, audioop.ulaw2lin),
    ("pcma", "ALAW", audioop.lin2alaw, audioop.alaw2lin),
]:
    by_sndfile, by_audioop = libsndfile_encode(subtype), audioop_array(encode(samples.tobytes(), 2), numpy.uint8)
    decoded = libsndfile_decode(subtype)
    assert (decoded == audioop_array(decode(codes, 2), numpy.int16)).all()
    differ = by_sndfile != by_audioop
    print(law, "samples that the two programs encode otherwise:", differ.sum(), "positive ones:", differ[32768:].sum())
    write(f"{law}.csv", by_sndfile if law == "pcmu" else by_audioop, decoded)
