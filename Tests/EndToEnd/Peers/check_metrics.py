"""Lets a real Prometheus scrape a running monitor, and asks it every query of Samples/monitoring.

    check_metrics.py http://127.0.0.1:8080 FOLDER

FOLDER is for what Prometheus keeps. Ends with 0, or with what was wrong.
"""

import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests

BASE, FOLDER = sys.argv[1].rstrip("/"), Path(sys.argv[2])
SAMPLES = Path(__file__).resolve().parents[3] / "Samples/monitoring"


def run(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)
    if done.returncode or done.stderr.strip():
        raise SystemExit(f"{' '.join(command)}: {done.stdout}{done.stderr}")


def queries():
    panels = json.loads((SAMPLES / "grafana.json").read_text())["panels"]
    for panel in panels:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def series(expression):
    """The selectors of a rule, without what is compared: an alert that does not fire has no value."""
    for name in sorted(set(re.findall(r"\b(?:sidetone|process)_[a-z_]+", expression))):
        yield name


metrics = requests.get(f"{BASE}/metrics", timeout=10)
run("promtool", "check", "metrics", text=metrics.text)
run("promtool", "check", "rules", str(SAMPLES / "alerts.yml"))

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
config = (SAMPLES / "prometheus.yml").read_text().replace("127.0.0.1:8080", urlsplit(BASE).netloc)
config = config.replace("scrape_interval: 5s", "scrape_interval: 500ms").replace("alerts.yml", str(SAMPLES / "alerts.yml"))
(FOLDER / "prometheus.yml").write_text(config)
server = subprocess.Popen(
    ["prometheus", f"--config.file={FOLDER}/prometheus.yml", f"--storage.tsdb.path={FOLDER}/data",
     f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
try:
    def ask(expression):
        try:
            reply = requests.get(f"http://127.0.0.1:{port}/api/v1/query", params={"query": expression}, timeout=10).json()
        except requests.ConnectionError:
            return None
        return reply["data"]["result"] if reply["status"] == "success" else sys.exit(f"{expression}: {reply['error']}")

    wanted = {(title, expression) for title, expression in queries()}
    for rule in re.findall(r"expr: (.*)", (SAMPLES / "alerts.yml").read_text()):
        wanted |= {("rule", name) for name in series(rule)}
    deadline = time.monotonic() + 60
    while wanted and time.monotonic() < deadline:
        wanted = {(title, expression) for title, expression in wanted if not ask(expression)}
        time.sleep(0.5)
    if wanted:
        sys.exit("no data: " + "; ".join(f"{title}: {expression}" for title, expression in sorted(wanted)))
finally:
    server.terminate()
    server.wait(timeout=20)
