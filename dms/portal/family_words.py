"""What the family's pages read out of forms."""

import re
from datetime import date

from flask import request

from dms.kernel.errors import DmsError
from dms.portal.texts import say

LONGEST_LINE = 300


def line(name: str) -> str:
    """A line of text from the form, trimmed; empty where it is not given."""
    return " ".join(request.form.get(name, "").split())[:LONGEST_LINE]


def day(name: str) -> date | None:
    """A date as browsers send it (2014-11-30) or as people write it (30-11-2014); None for anything else."""
    text = line(name)
    found = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
    except ValueError:
        return None


def told(error: DmsError | None) -> tuple[str, str]:
    """Message and advice of an error in the reader's language; empty for none."""
    return (say(error.message, error.params), say(error.advice, error.params)) if error is not None else ("", "")
