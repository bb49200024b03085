"""The HTTP server: gunicorn with threads, no access log on the reporting site."""

import socket
import struct
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from unionapp.app import create_app, create_reporting_app
from unionapp.config import Settings

THREADS = 8
GRACEFUL_SECONDS = 20
SILENCE_SECONDS = 20


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """One site behind gunicorn."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        return self._app


def serve_site(settings: Settings, *, site: str, bind: str, workers: int) -> None:
    """Serve ``site`` ("members" or "reporting") until the process is told to stop."""
    app = create_app(settings) if site == "members" else create_reporting_app(settings)
    run(app, bind=bind, workers=workers)


def run(app: Flask, *, bind: str, workers: int) -> None:
    """Serve an application. Nothing about who asked is written down: the access log stays off."""
    options = {
        "bind": bind,
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "graceful_timeout": GRACEFUL_SECONDS,
        "timeout": 60,
        "accesslog": None,
        "loglevel": "error",  # warnings name the address of whoever sent a request that cannot be read
        "proc_name": "unionapp",
        "control_socket_disable": True,
        "when_ready": bound_silence,
    }
    Server(app, options).run()


def bound_silence(server: Any) -> None:
    """Let go of visitors who stop in the middle of a request: 16 of them would hold every thread for ever.

    Gunicorn's threads read without a time limit. Connections inherit this one from the listening socket; it
    is the system's (SO_RCVTIMEO), because gunicorn resets the one Python keeps.
    """
    limit = struct.pack("ll", SILENCE_SECONDS, 0)
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
