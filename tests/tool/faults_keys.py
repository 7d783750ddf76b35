"""Presses the keys of `k5 run` on a terminal of its own, and looks at what comes.

usage: faults_keys.py K5 APP
"""

import os
import pty
import select
import sys
import termios
import time


class Run:
    """A run on a pseudo terminal: what it printed is in self.seen."""

    def __init__(self, arguments):
        self.seen = ""
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.execv(arguments[0], arguments)

    def take(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.1)[0]:
                try:
                    got = os.read(self.terminal, 65536)
                except OSError:
                    return
                self.seen += got.decode("utf-8", "replace")
                return

    def expect(self, text, seconds=30):
        """Waits for text after what was looked at before."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            if time.monotonic() > end:
                sys.exit(f"no \"{text}\" in:\n{self.seen[-3000:]}")
            self.take(1)
        self.seen = self.seen[self.seen.index(text) + len(text):]

    def press(self, key):
        os.write(self.terminal, key.encode())

    def end(self):
        _, status = os.waitpid(self.child, 0)
        return os.waitstatus_to_exitcode(status)


k5, app = sys.argv[1:]
run = Run([k5, "run", app])
before = termios.tcgetattr(run.terminal)[3]
run.expect("q quits · r resets the board")
run.expect("pong answered 1")
during = termios.tcgetattr(run.terminal)[3]
assert not during & termios.ICANON and not during & termios.ECHO, "the terminal waits for lines"
run.press("t")
run.expect("tasks  at 0.")
run.expect("ping")
run.expect("sleeps until")
run.press("l")
run.expect("log of all tasks, info and above")
run.press("l")
run.expect("log of all tasks, warn and above")
run.press("t")  # the answer takes a while: what is not shown by then is not shown
run.expect("tasks  at ")
assert "pong answered" not in run.seen.split("tasks  at ")[0], "INFO is shown at level warn"
run.press("ll")
run.expect("log of all tasks, debug and all above")
run.expect("pong answered")
run.press("f")
run.expect("log of ping, debug and all above")
run.press("fff")
run.expect("log of all tasks")
run.press("?")
run.expect("q quits")
run.press("r")
run.expect("boot: 3 tasks")
run.expect("reset from outside the kernel")
run.expect("pong answered 1")
run.press("q")
run.expect("stop")
run.expect("1 reset")
run.expect("idle")
assert run.end() == 0, "exit code"
assert termios.tcgetattr(run.terminal)[3] == before, "the terminal was not put back"

run = Run([k5, "run", app])
run.expect("pong answered 1")
run.press("\x03")  # Ctrl-C ends it as well, and nothing is left changed
run.expect("stop")
assert run.end() == 0, "exit code after Ctrl-C"
assert termios.tcgetattr(run.terminal)[3] == before, "Ctrl-C: the terminal was not put back"
