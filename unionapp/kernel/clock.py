"""The only place that asks what time it is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)  # noqa: TID251  # the one caller


def today(at: datetime | None = None) -> date:
    """Return the calendar date in Japan, where the union's days begin and end."""
    return (at or now()).astimezone(JAPAN).date()
