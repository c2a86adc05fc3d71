"""The only place that reads the time. Instants are UTC; legal dates are plain dates in Europe/Amsterdam."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Clock(Protocol):
    """Gives the present to those who may know it."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """The present legal date in Europe/Amsterdam."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the clock itself

    def today(self) -> date:
        """The present legal date in Europe/Amsterdam."""
        return legal_date(self.now())


def legal_date(instant: datetime) -> date:
    """The date on the calendar in Amsterdam at `instant` (aware)."""
    return instant.astimezone(AMSTERDAM).date()
