"""When a request must be answered: within a month of receipt, two months more when it was extended (AVG 12(3)).

A month ends on the day with the same number; where that day does not exist on the last of the month (Regulation
1182/71, article 3(2)(c)).
"""

import calendar
from datetime import date

MONTHS = 1
EXTENDED = 2


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def due_on(received_on: date, *, extended: bool = False) -> date:
    """The last day on which the answer is in time."""
    return months_after(received_on, MONTHS + (EXTENDED if extended else 0))
