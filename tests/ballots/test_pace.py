"""Refusals of a network are counted in memory, within a minute, and forgotten."""

import pytest

from unionapp.ballots.views import pace
from unionapp.ballots.views.pace import Pace
from unionapp.kernel.errors import TooManyError

pytestmark = pytest.mark.engine_free


def test_refusals_slow_one_network_for_a_minute():
    now = [1000.0]
    counted = Pace(clock=lambda: now[0])
    for _ in range(pace.REFUSALS):
        counted.admit("192.0.2.1")
        counted.refused("192.0.2.1")
    with pytest.raises(TooManyError):
        counted.admit("192.0.2.1")
    counted.admit("192.0.2.2")
    now[0] += pace.WINDOW + 1
    counted.admit("192.0.2.1")
    counted.refused("192.0.2.1")
    counted.admit("192.0.2.1")


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(pace, "MOST_NETWORKS", 3)
    counted = Pace()
    for number in range(10):
        counted.refused(f"192.0.2.{number}")
    assert len(counted._counts) == 3
