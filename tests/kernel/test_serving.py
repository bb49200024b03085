"""The real server: visitors who fall silent in mid request do not hold it, and its log names nobody."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.engine_free]

SITE = """
import sys
from flask import Flask, request
from unionapp import serving
serving.SILENCE_SECONDS = 2
app = Flask("silent")
app.add_url_rule("/", "read", lambda: str(len(request.get_data())), methods=["GET", "POST"])
serving.run(app, bind=f"127.0.0.1:{sys.argv[1]}", workers=1)
"""
HALVES = (
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf a body",
    b"GET / HTTP/1.1\r\nHost: loc",
)


@pytest.fixture
def port(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-c", SITE, str(port)], env=os.environ, stderr=log)
    wait_for(port)
    yield port
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=30) == 0
    assert "127.0.0.1" not in (tmp_path / "log").read_text()


def wait_for(port):
    end = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.1)
        else:
            return


@pytest.mark.parametrize("half", HALVES, ids=["body", "head"])
def test_silent_visitors_are_let_go(port, half):
    silent = [socket.create_connection(("127.0.0.1", port)) for _thread in range(9)]
    for connection in silent:
        connection.sendall(half)
    time.sleep(0.3)
    began = time.monotonic()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=15) as answer:
        assert answer.status == 200
    assert time.monotonic() - began < 10
    for connection in silent:
        connection.close()


def test_what_cannot_be_read_is_answered_and_its_sender_not_written_down(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 400")
