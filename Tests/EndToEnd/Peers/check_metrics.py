"""Lets a real Prometheus scrape a running monitor, and asks it every query of Samples/monitoring.

    check_metrics.py http://127.0.0.1:8080 FOLDER

FOLDER is for what Prometheus keeps. Ends with 0, or with what was wrong.
"""

import json
import re
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

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


class Relay(BaseHTTPRequestHandler):
    """Hands the monitor's metrics on, and tells that they were asked for: what was asked before is in the database then."""

    asked = threading.Semaphore(0)

    def do_GET(self):
        reply = requests.get(f"{BASE}{self.path}", timeout=10)
        self.send_response(reply.status_code)
        self.send_header("Content-Type", reply.headers["Content-Type"])
        self.end_headers()
        self.wfile.write(reply.content)
        Relay.asked.release()

    def log_message(self, *_):
        pass


metrics = requests.get(f"{BASE}/metrics", timeout=10)
run("promtool", "check", "metrics", text=metrics.text)
run("promtool", "check", "rules", str(SAMPLES / "alerts.yml"))

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
relay = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
threading.Thread(target=relay.serve_forever, daemon=True).start()
config = (SAMPLES / "prometheus.yml").read_text()
assert "127.0.0.1:8080" in config
config = config.replace("127.0.0.1:8080", f"127.0.0.1:{relay.server_port}")
config = config.replace("scrape_interval: 5s", "scrape_interval: 500ms").replace("alerts.yml", str(SAMPLES / "alerts.yml"))
(FOLDER / "prometheus.yml").write_text(config)
server = subprocess.Popen(
    ["prometheus", f"--config.file={FOLDER}/prometheus.yml", f"--storage.tsdb.path={FOLDER}/data",
     f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
try:
    def ask(expression):
        reply = requests.get(f"http://127.0.0.1:{port}/api/v1/query", params={"query": expression}, timeout=10).json()
        return reply["data"]["result"] if reply["status"] == "success" else sys.exit(f"{expression}: {reply['error']}")

    wanted = {(title, expression) for title, expression in queries()}
    for rule in re.findall(r"expr: (.*)", (SAMPLES / "alerts.yml").read_text()):
        wanted |= {("rule", name) for name in series(rule)}
    # Rates need two scrapes, half a second apart, and each is in the database once the next one comes.
    for _ in range(60):
        if not wanted or not Relay.asked.acquire(timeout=30):
            break
        wanted = {(title, expression) for title, expression in wanted if not ask(expression)}
    if wanted:
        sys.exit("no data: " + "; ".join(f"{title}: {expression}" for title, expression in sorted(wanted)))
finally:
    server.terminate()
    server.wait(timeout=20)
    relay.shutdown()
