"""The demo from nothing: data made, three processes up, a page shown, all of them gone after Ctrl-C."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = [pytest.mark.engine_free, pytest.mark.slow]
COLD_START_SECONDS = 15


@pytest.fixture
def start(tmp_path):
    started = []

    def run(folder):
        log = (tmp_path / f"out{len(started)}").open("wb")
        environ = {name: value for name, value in os.environ.items() if not name.startswith("UNIONAPP_")}
        process = subprocess.Popen(
            [sys.executable, "-m", "unionapp", "demo", "--data", str(folder)],
            cwd=tmp_path,
            env=environ,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        log.close()
        started.append(process)
        return process, Path(log.name)

    yield run
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)


def told(log, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        text = log.read_text(encoding="utf-8")
        if "Ctrl-C ends the demo" in text:
            return text
        time.sleep(0.05)
    pytest.fail(log.read_text(encoding="utf-8"))


def page(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def children_of(pid):
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], check=False, capture_output=True, text=True
    )
    return [int(line) for line in listed.stdout.split()]


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_cold_start_shows_a_page_in_time_and_leaves_nothing_behind(start, tmp_path, record_property):
    began = time.monotonic()
    process, log = start(tmp_path / "demo")
    text = told(log, COLD_START_SECONDS * 3)
    members, reporting = re.findall(r"http://(?:localhost|127\.0\.0\.1):\d+/", text)[:2]
    assert "条件は、私たちが決める" in page(members + "?lang=ja")
    seconds = time.monotonic() - began
    record_property("cold_start_seconds", seconds)
    sys.stdout.write(f"cold start of the demo to its first page: {seconds:.1f} s\n")
    assert seconds < COLD_START_SECONDS
    assert "名前を出さずに" in page(reporting + "?lang=ja")
    children = children_of(process.pid)
    assert len(children) == 3
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert not [pid for pid in children if alive(pid)]
    assert "The demo has ended." in log.read_text(encoding="utf-8")

    again, log = start(tmp_path / "demo")
    assert "Making the demo's data" not in told(log, COLD_START_SECONDS)
    again.send_signal(signal.SIGTERM)
    assert again.wait(timeout=30) == 0


def test_a_folder_with_other_data_is_left_alone(start, tmp_path):
    folder = tmp_path / "real union"
    folder.mkdir()
    (folder / "unionapp.sqlite3").write_bytes(b"somebody's data")
    process, log = start(folder)
    assert process.wait(timeout=30) == 2
    assert "not the demo's" in log.read_text(encoding="utf-8")
    assert (folder / "unionapp.sqlite3").read_bytes() == b"somebody's data"
    assert not (folder / "demo.json").exists()


def test_the_demo_tells_what_opens_its_reports(start, tmp_path):
    _process, log = start(tmp_path / "demo")
    text = told(log, COLD_START_SECONDS * 3)
    facts = json.loads((tmp_path / "demo" / "demo.json").read_text(encoding="utf-8"))
    assert any("passphrase" in name for name in facts)
    for value in facts.values():
        assert value in text
