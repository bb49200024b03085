"""How often wrong words may be tried. Nothing of who tries is known or kept."""

import threading
from collections import Counter
from dataclasses import dataclass, field

WINDOW_SECONDS = 60
MOST_OF_ALL = 600
MOST_OF_ONE = 20


@dataclass
class WrongWords:
    """Wrong tries of this process in the present minute, in memory only: of all, and of the same words.

    128 random bits need no limit to be safe; this one keeps a guesser from burning the machine. Words that
    open a mailbox always do: a flood of guesses locks nobody out.
    """

    minute: int = 0
    tries: Counter[bytes] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def too_many(self, lookup: bytes, seconds: float) -> bool:
        """Count a wrong try at ``seconds`` (any clock that runs evenly); tell whether there were too many."""
        with self.lock:
            minute = int(seconds // WINDOW_SECONDS)
            if minute != self.minute:
                self.minute, self.tries = minute, Counter()
            self.tries[lookup] += 1
            return self.tries[lookup] > MOST_OF_ONE or self.tries.total() > MOST_OF_ALL
