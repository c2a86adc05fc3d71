"""The retention room (`/bewaren`): what falls due and why, what is frozen, the schedule and its drafts."""

from dms.web.desks.retention import calendar, draft, due, holds, schedule, start, what_if

DESKS = (start, due, calendar, holds, schedule, draft, what_if)
"""All its desks."""
