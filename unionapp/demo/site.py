"""The members' site of the demo: the real one, with the demo's own pages beside it."""

import os
import sys

from unionapp import config
from unionapp.app import create_app
from unionapp.demo.views import bp
from unionapp.serving import run


def main(port: int) -> None:
    """Serve until told to stop."""
    settings = config.from_env(os.environ)
    run(create_app(settings, more=[bp]), bind=f"127.0.0.1:{port}", workers=1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
