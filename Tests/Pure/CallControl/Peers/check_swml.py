"""Asks SignalWire's own JSON schemas about our SWML, and writes verdicts.json.

Usage: check_swml.py SPEC_SCHEMA SDK_SCHEMA

SPEC_SCHEMA  SWMLObject.json of github.com/signalwire/docs (specs/swml/calling/tsp-output/@typespec/json-schema)
SDK_SCHEMA   schema.json inside the wheel of signalwire-sdk
"""

import copy
import json
import pathlib
import sys

from jsonschema import Draft202012Validator, FormatChecker

HERE = pathlib.Path(__file__).resolve().parent
FLOWS = HERE.parents[3] / "Samples" / "flows" / "swml"


def validator(path):
    schema = json.loads(pathlib.Path(path).read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker(["uri"]))


def flow(path):
    text = path.read_text()
    text = text.replace("{{stream_url}}", "wss://rx.example.org/media").replace("{{token}}", "demo-token")
    return json.loads(text)


def without_streams(document):
    document = copy.deepcopy(document)
    for name, steps in document["sections"].items():
        document["sections"][name] = [s for s in steps if not {"stream", "stop_stream"} & s.keys()]
    return document


spec, sdk = validator(sys.argv[1]), validator(sys.argv[2])
for path in sorted(FLOWS.glob("*.json")):
    document = flow(path)
    print(
        f"{path.name}: spec {spec.is_valid(document)}, sdk {sdk.is_valid(document)},"
        f" sdk without the stream steps {sdk.is_valid(without_streams(document))}"
    )

cases = json.loads((HERE / "cases.json").read_text())
verdicts = {case["name"]: spec.is_valid(case["document"]) for case in cases}
(HERE / "verdicts.json").write_text(json.dumps(verdicts, indent=2) + "\n")
for case in cases:
    ours = case.get("stricter")
    print(f"{'valid  ' if verdicts[case['name']] else 'invalid'} {case['name']}" + (f"  (ours: {ours})" if ours else ""))
