"""Asks a running monitor as programs of others do, and checks that it keeps what its documents promise.

    check_monitor.py http://127.0.0.1:8080 CALL

Others' validators read the documents; every answer, event and message is checked against its schema; Schemathesis
sends what nobody thought of. Ends with 0, or with what was wrong.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import requests
import websockets
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

BASE, CALL = sys.argv[1].rstrip("/"), sys.argv[2]
openapi = requests.get(f"{BASE}/v1/openapi.json", timeout=10).json()
asyncapi = requests.get(f"{BASE}/v1/asyncapi.json", timeout=10).json()
registry = Registry().with_resource("openapi", Resource(contents=openapi, specification=DRAFT202012))
seen = {"answers": 0, "events": set(), "messages": set()}


def check(value, schema, what):
    """The first thing that is wrong ends the run."""
    problems = list(Draft202012Validator(schema, registry=registry, format_checker=FormatChecker()).iter_errors(value))
    if problems:
        raise SystemExit(f"{what}: {problems[0].json_path}: {problems[0].message}")


def answer(path, template, **query):
    reply = requests.get(f"{BASE}{path}", params=query, timeout=10)
    documented = openapi["paths"][template]["get"]["responses"]
    assert str(reply.status_code) in documented, f"{path}: {reply.status_code} is not documented"
    content = documented[str(reply.status_code)]["content"]["application/json"]["schema"]
    text = json.dumps(content).replace("#/components/", "openapi#/components/")
    check(reply.json(), json.loads(text), path)
    seen["answers"] += 1
    return reply.json()


def event(value):
    schema = requests.get(f"{BASE}/v1/schemas/{value['type']}.json", timeout=10)
    assert schema.ok, f"{value['type']} has no schema"
    check(value, schema.json(), value["type"])
    seen["events"].add(value["type"])


def rest():
    validate(openapi)
    assert asyncapi["asyncapi"] == "3.0.0"
    for message in asyncapi["components"]["messages"].values():
        Draft202012Validator.check_schema(message["payload"])
    answer("/v1/status", "/v1/status")
    for state in ("active", "ended", "all"):
        answer("/v1/calls", "/v1/calls", state=state)
    answer("/v1/calls", "/v1/calls", state="nonsense")
    answer(f"/v1/calls/{CALL}", "/v1/calls/{id}")
    answer("/v1/calls/none", "/v1/calls/{id}")
    for signal in answer(f"/v1/calls/{CALL}/timeline", "/v1/calls/{id}/timeline")["signals"]:
        event(signal)
    answer(f"/v1/calls/{CALL}/log", "/v1/calls/{id}/log")
    answer("/v1/recordings", "/v1/recordings")


def events():
    lines = requests.get(f"{BASE}/v1/events", params={"last_event_id": 0}, stream=True, timeout=10).iter_lines()
    number = 0
    for line in lines:
        if line.startswith(b"id: "):
            number += 1
            assert int(line[4:]) == number, f"event {line} is not number {number}"
        if line.startswith(b"data: "):
            event(json.loads(line[6:]))
        if number == 10 and not line:
            return


async def live():
    url = BASE.replace("http", "ws", 1) + "/v1/live"
    messages = asyncapi["components"]["messages"]
    wanted = {"hello", "active_calls", "status", "levels", "signal", "call", "timeline", "spectrum", "rows"}
    async with websockets.connect(url, origin=BASE) as socket:
        await socket.send(json.dumps({"subscribe": {"active_calls": True}}))
        await socket.send(json.dumps({"subscribe": {"call": CALL, "rows": True, "spectrum": True, "wave": True, "log": True}}))
        seq = 0
        while wanted - seen["messages"]:
            message = json.loads(await asyncio.wait_for(socket.recv(), 10))
            seq += 1
            assert message["seq"] == seq, f"message {message['seq']} is not number {seq}"
            kind = message["type"]
            name = "call_change" if kind.startswith("call_") else kind
            check(message, messages[f"live_{name}"]["payload"], kind)
            if kind == "signal":
                event(message["event"])
            seen["messages"].add(kind)


def strangers():
    """Bounded: a few made-up requests an address; the streams that never end are left out."""
    run = subprocess.run(
        [str(Path(sys.executable).parent / "schemathesis"), "run", f"{BASE}/v1/openapi.json", "--url", BASE, "--max-examples", "8",
         "--exclude-path", "/v1/events", "--exclude-path", "/v1/live", "--phases", "examples,coverage,fuzzing",
         "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
         "--request-timeout", "10", "--workers", "1", "--seed", "1", "--no-color", "--suppress-health-check", "all"],
        capture_output=True, text=True, timeout=300, cwd=tempfile.mkdtemp())
    if run.returncode:
        raise SystemExit(f"schemathesis:\n{run.stdout[-6000:]}\n{run.stderr[-2000:]}")


asyncio.run(live())
rest()
events()
strangers()
print(f"{seen['answers']} answers, {len(seen['events'])} types of events, {len(seen['messages'])} kinds of messages")
