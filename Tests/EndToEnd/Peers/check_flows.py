"""Asks the models of SignalWire's own SDK about SWML documents of ours.

Usage: check_flows.py FILE...

The SDK's SWML schema knows no `stream` and no `stop_stream`; its models of the calls behind them do. So each document is
held to the schema without those steps, and those steps are held to the models: names, types, and the words of `track`.
"""

import json
import pathlib
import re
import sys
import typing

from signalwire.relay import protocol_types_generated as relay
from signalwire.rest.namespaces import calling_resources_generated as rest
from signalwire.utils.schema_utils import SchemaUtils

FILLINGS = {"{{stream_url}}": "wss://rx.example.org/media", "{{token}}": "demo-token"}
MODELS = {"stream": relay.CallingStreamParams, "stop_stream": relay.CallingStreamStopParams}


def words_of_track():
    for value in vars(rest).values():
        if isinstance(value, type) and hasattr(value, "stream"):
            return set(re.findall(r"['\"](\w+)['\"]", str(value.stream.__annotations__["track"])))
    raise SystemExit("the SDK has no `stream` any more")


def problems_of_step(name, parameters):
    known = typing.get_type_hints(MODELS[name])
    for key, value in parameters.items():
        if key not in known:
            yield f"{name}.{key} is not known"
        elif known[key] is str and not isinstance(value, str):
            yield f"{name}.{key} is no text"
    if name == "stream" and parameters.get("track", "inbound_track") not in words_of_track():
        yield f"{name}.track is {parameters['track']}"


def check(path, schema):
    text = pathlib.Path(path).read_text()
    for placeholder, filling in FILLINGS.items():
        text = text.replace(placeholder, filling)
    document = json.loads(text)
    problems, streams = [], 0
    for name, steps in document["sections"].items():
        for step in steps:
            for method in MODELS.keys() & step.keys():
                problems += problems_of_step(method, step[method])
                streams += 1
        document["sections"][name] = [step for step in steps if not MODELS.keys() & step.keys()]
    is_valid, messages = schema.validate_document(document)
    print(f"{path}: {streams} stream steps, {'valid' if is_valid and not problems else 'INVALID'}")
    for problem in problems + messages:
        print(f"  {problem}")
    return is_valid and not problems


schema = SchemaUtils()
verdicts = [check(path, schema) for path in sys.argv[1:]]
sys.exit(0 if verdicts and all(verdicts) else 1)
