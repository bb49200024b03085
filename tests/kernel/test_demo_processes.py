"""However the demo is told to end, it leaves no process behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from unionapp.demo.cli import _foreign

pytestmark = pytest.mark.engine_free

CHILD = """
import os, signal, subprocess, sys, time
from pathlib import Path
if os.environ["STUBBORN"]:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
folder = Path(os.environ["FOLDER"])
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
(folder / str(os.getpid())).touch()
(folder / str(grandchild.pid)).touch()
if os.environ["STUBBORN"]:
    time.sleep(60)
signal.signal(signal.SIGTERM, lambda *_: (grandchild.kill(), grandchild.wait(), sys.exit(0)))
time.sleep(60)
"""
PARENT = """
import os
from unionapp.demo import processes
processes.GRACE = 1.0
with processes.Processes(os.environ) as running:
    running.start("child")
    running.wait()
"""


def alive(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("stubborn", ["", "1"])
def test_no_process_is_left(tmp_path, ending, stubborn):
    (tmp_path / "child.py").write_text(CHILD)
    born = tmp_path / "born"
    born.mkdir()
    here = str(Path(__file__).parent.parent.parent)
    environ = {
        **os.environ,
        "STUBBORN": stubborn,
        "FOLDER": str(born),
        "PYTHONPATH": f"{tmp_path}:{here}",
    }
    parent = subprocess.Popen([sys.executable, "-c", PARENT], env=environ)
    end = time.monotonic() + 20
    while len(list(born.iterdir())) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.2)
    parent.send_signal(ending)
    time.sleep(0.1)
    if parent.poll() is None:
        parent.send_signal(ending)  # impatient: it must not end the ending
    assert parent.wait(timeout=20) == 0
    left = [int(path.name) for path in born.iterdir() if alive(int(path.name))]
    assert len(list(born.iterdir())) == 2
    assert left == []


def test_a_demo_takes_over_no_settings_of_a_real_union():
    assert _foreign({"UNIONAPP_MAIL_HOST": "mail.example.jp", "PATH": "/bin"}) == {"PATH": "/bin"}
