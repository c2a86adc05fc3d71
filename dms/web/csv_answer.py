"""Lists to download as CSV: UTF-8 with a mark, semicolons, and no cell that a spreadsheet would carry out."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A download called `name` with a heading row; rows are made while they are sent."""
    answer = Response(_lines(head, rows), mimetype="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def safe_cell(value: object) -> str:
    """`value` as text; one that begins as a formula does gets an apostrophe in front."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA[:4]) else text


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield "\ufeff" + _line(head)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow([safe_cell(x) for x in cells])
    return out.getvalue()
