"""How many refused ballots one network may send: counted in memory, so that no row shows who voted when.

Each process counts by itself. Ballots that are taken are never counted: a whole studio may share an address.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic

from unionapp.kernel.errors import TooManyError

WINDOW = 60  # seconds
REFUSALS = 60  # a minute
MOST_NETWORKS = 10_000


class Pace:
    """Counts refusals per network within the last window."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = Lock()

    def admit(self, network: str) -> None:
        """Raise TooManyError while too many ballots of this network were refused."""
        with self._lock:
            began, refused = self._counts.get(network, (0.0, 0))
            left = began + WINDOW - self._clock()
        if refused >= REFUSALS and left > 0:
            raise TooManyError(int(left) + 1)

    def refused(self, network: str) -> None:
        """Count one refused ballot."""
        now = self._clock()
        with self._lock:
            began, refused = self._counts.pop(network, (now, 0))
            self._counts[network] = (began, refused + 1) if now < began + WINDOW else (now, 1)
            while len(self._counts) > MOST_NETWORKS:
                self._counts.popitem(last=False)
