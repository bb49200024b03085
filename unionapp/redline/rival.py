"""The rival of the redline measurement, run as a program of its own so that it can be stopped.

It reads {"autojunk": bool, "pairs": [[old tokens, new tokens], ...]} as JSON from standard input, compares
the whole documents with the standard library's difflib, and prints {"seconds": ..., "changes": ...}.
"""

import json
import sys
import time
from difflib import SequenceMatcher


def main() -> None:
    """Compare what standard input holds and print what it took."""
    work = json.load(sys.stdin)
    start = time.perf_counter()
    changes = 0
    for old, new in work["pairs"]:
        codes = SequenceMatcher(None, old, new, autojunk=work["autojunk"]).get_opcodes()
        changes += sum(code[0] != "equal" for code in codes)
    json.dump({"seconds": time.perf_counter() - start, "changes": changes}, sys.stdout)


if __name__ == "__main__":
    main()
