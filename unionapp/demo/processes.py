"""The demo's child processes: started together, ended together, whatever happens."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from types import FrameType, TracebackType
from typing import NoReturn, Self

from unionapp.kernel import terminal

PATIENCE = 30.0
GRACE = 10.0


class Processes:
    """Children of this process; leaving the block ends them: SIGTERM first, SIGKILL after GRACE seconds."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        # SIGHUP: the terminal's window was closed. SIGINT: a shell's background job is born ignoring it.
        for ending in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(ending, _interrupt)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # ending them is not to be interrupted
            signal.signal(ending, signal.SIG_IGN)
        self._end()
        return kind is KeyboardInterrupt

    def start(self, module: str, *arguments: str) -> None:
        """Start ``python -m module arguments`` in a group of its own, so that Ctrl-C reaches only us."""
        command = [sys.executable, "-m", module, *arguments]
        self._children.append(subprocess.Popen(command, env=self._environ, start_new_session=True))  # noqa: S603  # our own modules

    def wait_for(self, *urls: str) -> None:
        """Wait until each address answers. Ends the program when a child dies or PATIENCE runs out."""
        end = time.monotonic() + PATIENCE
        for url in urls:
            while not _answers(url):
                self._require_alive()
                if time.monotonic() > end:
                    terminal.fail_examined(f"{url} does not answer")
                time.sleep(0.05)

    def wait(self) -> NoReturn:
        """Wait until somebody ends the demo, or a child does."""
        while True:
            self._require_alive()
            time.sleep(0.5)

    def _require_alive(self) -> None:
        for child in self._children:
            if child.poll() is not None:
                terminal.fail_examined(f"a process of the demo ended by itself: {child.args!r}")

    def _end(self) -> None:
        for child in self._children:
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + GRACE
        for child in self._children:
            try:
                child.wait(timeout=max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):  # it ended just now
                    os.killpg(child.pid, signal.SIGKILL)  # its own children too
                child.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own loopback address
            return bool(answer.status < 500)  # noqa: PLR2004  # it speaks
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
