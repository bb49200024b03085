from datetime import UTC, datetime, timedelta

import pytest

from unionapp.kernel import throttle
from unionapp.kernel.errors import TooManyError
from unionapp.kernel.throttle import Limit, network_of

LIMIT = Limit("test", 3, timedelta(minutes=15))
MIDNIGHT = datetime(2026, 5, 1, tzinfo=UTC)


def test_attempts_are_counted_for_each_key_and_forgotten_after_a_while(session, at):
    for _time in range(LIMIT.times):
        throttle.count(session, LIMIT, "a", at=at)
    with pytest.raises(TooManyError):
        throttle.count(session, LIMIT, "a", at=at)
    throttle.count(session, LIMIT, "b", at=at)
    throttle.count(session, LIMIT, "a", at=at + LIMIT.within)


def test_midnight_gives_no_fresh_start(session):
    for _time in range(LIMIT.times):
        throttle.count(session, LIMIT, "a", at=MIDNIGHT - timedelta(minutes=1))
    with pytest.raises(TooManyError):
        throttle.count(session, LIMIT, "a", at=MIDNIGHT + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unix:", ""),
        (None, ""),
    ],
)
def test_a_line_with_many_addresses_is_one_network(address, network):
    assert network_of(address) == network
