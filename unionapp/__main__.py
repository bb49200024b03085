"""``python -m unionapp``: the same commands as ``unionapp``."""

from unionapp.cli import main

main()
