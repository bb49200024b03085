"""What the log says of an unexpected error: its class and the way to it, never its message.

A message may quote what the program was working on: a report, a code, a name.
"""

import logging
import traceback


def log_fault(log: logging.Logger, what: str, error: BaseException) -> None:
    """Write the error's class and call stack to ``log``."""
    stack = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s: %s\n%s", what, type(error).__qualname__, stack)
