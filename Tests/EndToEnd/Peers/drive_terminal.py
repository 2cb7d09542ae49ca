"""Uses `sidetone monitor` as a person does: in a terminal, by keys, and looks at what is on the screen.

    drive_terminal.py PROGRAM http://127.0.0.1:8080 CALL

CALL must be running. Ends with 0, or with what was wrong.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import pyte

PROGRAM, URL, CALL = sys.argv[1:4]
PATIENCE_S = 30


class Terminal:
    """A pseudo terminal with the program in it, and what a person would see."""

    def __init__(self, columns=100, lines=24, *options, colours=True):
        self.master, self.slave = pty.openpty()
        self.screen = pyte.Screen(columns, lines)
        self.stream = pyte.ByteStream(self.screen)
        self.size(columns, lines)
        self.before = termios.tcgetattr(self.slave)
        self.said = b""

        def take_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen([PROGRAM, "monitor", URL, *options], stdin=self.slave, stdout=self.slave, stderr=self.slave,
                                        preexec_fn=take_terminal,
                                        env=os.environ | {"TERM": "xterm-256color", "NO_COLOR": "" if colours else "1"})

    def size(self, columns, lines):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.screen.resize(lines, columns)

    def press(self, keys):
        os.write(self.master, keys)

    def read(self, seconds):
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        data = os.read(self.master, 65_536)
        self.said += data
        self.stream.feed(data)
        return True

    def text(self):
        return "\n".join(self.screen.display)

    def until(self, what, condition):
        """Looks at the screen until it is as wanted."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition(self.text()):
            if time.monotonic() > deadline or self.process.poll() is not None:
                shown = "\n".join(line.rstrip() for line in self.screen.display).rstrip()
                sys.exit(f"{what}: never came; on the screen:\n{shown}\nsaid last: {self.said[-400:]!r}\nexit {self.process.poll()}\n{self.threads()}")
            self.read(0.5)

    def threads(self):
        """Where each thread of the program is, for whoever has to find out why it went no further."""
        tasks = f"/proc/{self.process.pid}/task"
        lines = []
        for task in sorted(os.listdir(tasks)) if os.path.isdir(tasks) else []:
            with open(f"{tasks}/{task}/stat") as stat, open(f"{tasks}/{task}/wchan") as wchan:
                name, state = stat.read().rsplit(")", 1)
                lines.append(f"{name.split('(', 1)[1]} {state.split()[0]} {wchan.read()}")
        return "\n".join(lines)

    def ended(self, what, status=0):
        """The program is over, and the terminal is as it was."""
        deadline = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            self.read(0.1)
            check(time.monotonic() < deadline, f"{what}: it goes on")
        while self.read(0):
            pass
        check(self.process.returncode == status, f"{what}: ended with {self.process.returncode}, not {status}")
        check(termios.tcgetattr(self.slave) == self.before, f"{what}: the terminal's settings stayed changed")
        for on, off in [(b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?7l", b"\x1b[?7h")]:
            check(self.said.count(on) == 1 and self.said.rfind(off) > self.said.rfind(on), f"{what}: {off} was not said at the end")
        os.close(self.master)
        os.close(self.slave)


def check(right, what):
    if not right:
        sys.exit(what)


def has_call(text):
    return CALL[:6] in text and " active" in text


def choose_call(terminal):
    terminal.until("the calls", has_call)
    terminal.press(b"\x1b[B")
    terminal.until("the chosen call stands out", lambda _: any(terminal.screen.buffer[2][column].reverse for column in range(8)))


def until_it_moves(terminal, what, first, pattern):
    """Something on a line is one thing, and later another."""

    def now():
        found = re.search(pattern, terminal.screen.display[first])
        return found and found.group(1)

    terminal.until(what, lambda _: now() is not None)
    before = now()
    terminal.until(f"{what} other than {before}", lambda _: now() not in (None, before))


# Without colours, the choice is to be seen all the same.
terminal = Terminal(colours=False)
choose_call(terminal)
check(all(cell.fg == "default" for row in terminal.screen.buffer.values() for cell in row.values()), "a colour in spite of NO_COLOR")
terminal.press(b"q")
terminal.ended("q without colours")

# The calls, a call, back, and out.
terminal = Terminal()
choose_call(terminal)
check(any(cell.fg != "default" for row in terminal.screen.buffer.values() for cell in row.values()), "no colour")
until_it_moves(terminal, "a time", 2, r" (\d+:\d\d) ")
until_it_moves(terminal, "a level", 2, r" (-\d+\.\d) ")
until_it_moves(terminal, "the loop's lag", 0, r"loop lag (\d+\.\d) ms")
check("not understood" not in terminal.text(), "messages were not understood")
terminal.press(b"\r")
terminal.until("the call", lambda text: "overtalk" in text and "Esc back" in text)
terminal.until("speech in the lanes", lambda text: any(sign in text for sign in "▂▃▄▅▆▇"))
terminal.until("events", lambda text: "speech started" in text and "turn started" in text)
terminal.press(b"\x1b")
terminal.until("the calls again", lambda text: "Enter open call" in text)

# Every line fits, however the window is changed.
for columns, lines in [(50, 10), (200, 50), (30, 5), (100, 24)]:
    terminal.size(columns, lines)
    terminal.until(f"{columns} columns", lambda text: has_call(text) and "select" in text)
    check(terminal.screen.display[0].startswith("Sidetone"), f"{columns} columns: the first line is {terminal.screen.display[0]!r}")
terminal.press(b"q")
terminal.ended("q")

# Straight to a call, and the other ways out.
for what, leave in [
    ("Control-C", lambda terminal: terminal.press(b"\x03")),
    ("SIGINT", lambda terminal: terminal.process.send_signal(signal.SIGINT)),
    ("SIGTERM", lambda terminal: terminal.process.send_signal(signal.SIGTERM)),
    ("SIGHUP", lambda terminal: terminal.process.send_signal(signal.SIGHUP)),
]:
    terminal = Terminal(90, 20, "--call", CALL)
    terminal.until("the call", lambda text: CALL[:20] in text and "overtalk" in text)
    leave(terminal)
    terminal.ended(what)

# What cannot be reached is said on the screen, and keys still work.
URL = "http://127.0.0.1:1"
terminal = Terminal()
terminal.until("no connection", lambda text: "Connection lost, reconnecting" in text)
terminal.press(b"q")
terminal.ended("q without a connection")
