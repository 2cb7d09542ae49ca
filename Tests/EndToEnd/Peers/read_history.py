"""Reads a call history by Python's sqlite3 and its exports by DuckDB, and holds them against the files of the calls."""

import glob
import json
import sqlite3
import sys

import duckdb

folder = sys.argv[1]
history = sqlite3.connect(f"file:{folder}/calls.sqlite?mode=ro", uri=True)
assert history.execute("pragma integrity_check").fetchall() == [("ok",)]
assert history.execute("pragma foreign_key_check").fetchall() == []
assert history.execute("pragma application_id").fetchone() == (0x5344544E,)

summaries = [json.load(open(path)) for path in glob.glob(f"{folder}/*/*/summary.json")]
assert len(summaries) == history.execute("select count(*) from calls").fetchone()[0] == 3
for summary in summaries:
    query = "select s.summary, s.number from streams s join calls c on c.number = s.call where c.id = ? and s.id = ?"
    stored, number = history.execute(query, (summary["call"], summary["stream"])).fetchone()
    assert json.loads(stored) == summary
    for track in ("inbound", "outbound"):
        query = "select speech_seconds, talk_spurts from totals where stream = ? and track = ?"
        speech, spurts = history.execute(query, (number, track)).fetchone()
        assert speech == summary["totals"][track]["speech_seconds"], speech
        assert spurts == summary["totals"][track]["talk_spurts"], spurts
        query = "select count(*), sum(end_seconds - start_seconds) from spurts where stream = ? and track = ?"
        count, seconds = history.execute(query, (number, track)).fetchone()
        assert count == spurts, (count, spurts)
        assert abs(seconds - speech) < 0.1, (seconds, speech)
        # The overview, decoded as the documentation says: 0.4 dB a step of the code.
        steps = 0
        for first, n, data in history.execute(
            "select first, steps, data from overview where stream = ? and track = ? order by first", (number, track)
        ):
            assert first == steps and data[0] == 1
            levels = [code / 2.5 - 96 for code in data[2 : 2 + n]]
            assert all(-96 <= level <= 0 for level in levels)
            steps += n
        assert steps == 209, steps

tables = "calls streams tracks spurts signals totals recordings log overview".split()
for table in tables:
    csv, lines, parquet = (f"{folder}/{table}.{kind}" for kind in ("csv", "jsonl", "parquet"))
    rows = duckdb.sql(f"select count(*) from read_csv('{csv}', header = true, all_varchar = true)").fetchone()[0]
    assert duckdb.sql(f"select count(*) from '{parquet}'").fetchone()[0] == rows, table
    with open(lines) as file:
        assert sum(1 for _ in file) == rows, table
    if table != "overview":
        assert rows == history.execute(f"select count(*) from {table}").fetchone()[0], table
    assert rows > 0 or table == "log", table
types = dict(duckdb.sql(f"select column_name, column_type from (describe select * from '{folder}/signals.parquet')").fetchall())
assert types["time"] == "TIMESTAMP" and types["start_seconds"] == "DOUBLE" and types["number"] == "BIGINT", types
# Signals that DuckDB finds are those that the jsonl sink wrote.
written = sum(1 for path in glob.glob(f"{folder}/*/*/signals.jsonl") for _ in open(path))
assert duckdb.sql(f"select count(*) from '{folder}/signals.parquet'").fetchone()[0] == written
print(f"sqlite3 {sqlite3.sqlite_version}, duckdb {duckdb.__version__}: {len(tables)} tables agree")
