"""Connections from 127.0.0.2 that send one byte of their TLS handshake at a time and never complete it (slowloris).

    python3 Benchmarks/load/slow_peer.py wss://127.0.0.1:8443/media CONNECTIONS SECONDS

A connection that the server closes is opened again. Standard library only. Prints the most that were open at once, and how
many the server closed.
"""

import os
import socket
import sys
import time
from urllib.parse import urlsplit

SOURCE = "127.0.0.2"
TICK_S = 0.05
# Of a TLS record's head (RFC 8446 §5.1): a handshake of 16,384 bytes, so that every byte that follows is plausible.
HEAD = bytes([22, 3, 1, 0x40, 0x00])


class SlowConnection:
    """A socket and how many bytes it has sent."""

    def __init__(self, address: tuple[str, int]):
        self.sent = 0
        self.socket = socket.socket()
        self.socket.bind((SOURCE, 0))
        self.socket.settimeout(1)
        self.socket.connect(address)
        self.socket.setblocking(False)

    def advance(self) -> bool:
        """Sends the next byte; false when the server has closed the connection."""
        try:
            self.socket.send(HEAD[self.sent : self.sent + 1] or b"\0")
            self.sent += 1
            return self.socket.recv(4096) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False


def main(address: str, count: int, seconds: float) -> None:
    # The emulator on the same core goes first: it must keep real time.
    os.nice(5)
    url, end = urlsplit(address), time.monotonic() + seconds
    target, connections, most, closed = (url.hostname, url.port), [], 0, 0
    while time.monotonic() < end:
        try:
            while len(connections) < count:
                connections.append(SlowConnection(target))
        except OSError:
            pass
        most = max(most, len(connections))
        alive = []
        for connection in connections:
            if connection.advance():
                alive.append(connection)
            else:
                connection.socket.close()
                closed += 1
        connections = alive
        time.sleep(TICK_S)
    print(f"at most {most} open at once, {closed} closed by the server, {len(connections)} open at the end")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
