"""Logs as JSON lines on stderr: ids, counts and codes, never names, texts or search words.

What is not on the list of keys does not reach the log, whoever wrote it: a new key is a decision, made here. Messages
of libraries may quote what they worked on, so only those that are known not to are passed on.
"""

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

KEYS = frozenset(
    {
        "absent", "address", "at", "attempts", "base", "bytes", "chain", "changed", "child", "code", "conflict",
        "count", "deletions", "document_id", "documents", "effects", "endpoint", "entries", "error", "event",
        "exit_code", "faults", "intake_id", "item_id", "kind", "level", "library", "message", "method",
        "milliseconds", "new", "object_id", "objects", "orphans", "outcome", "owner", "part", "pause", "pid",
        "process", "reference", "removed", "route", "school", "sealed", "seconds", "signal", "state", "status",
        "step", "task", "timestamp", "unchanged", "upserts", "where", "why", "workers",
    }
)  # fmt: skip
"""The only keys that a line may have."""

TRUSTED_LIBRARIES = ("gunicorn.error", "alembic", "apscheduler")
"""Libraries whose messages speak of processes and versions only."""

LONGEST = 300
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_QUIET = {"apscheduler": logging.WARNING, "alembic": logging.WARNING}


def configure(level: str, process: str) -> None:
    """Send all logs of this process as JSON lines to stderr. `level` is a word of the settings."""
    number = _LEVELS[level]

    def named(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        line.setdefault("process", process)
        return line

    structlog.configure(
        processors=[
            named,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _place_of_fault,
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_Libraries()]
    root.setLevel(max(number, logging.INFO))
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(max(number, least))


def redact(_: object, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Keep only the keys of KEYS, with plain values of bounded length."""
    return {k: _plain(v) for k, v in line.items() if k in KEYS}


def place_of(fault: BaseException) -> list[str]:
    """File and line of each step of a traceback, innermost last; no texts, which may hold personal data."""
    steps = traceback.extract_tb(fault.__traceback__)[-12:]
    return [f"{x.filename.rpartition('/')[2]}:{x.lineno}" for x in steps]


def _place_of_fault(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put class and place of an exception in the place of its text."""
    given = line.pop("exc_info", None)
    fault = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(fault, BaseException):
        line.setdefault("error", type(fault).__name__)
        line.setdefault("at", place_of(fault))
    return line


def _plain(value: object) -> object:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, list | tuple):
        return [_plain(x) for x in value[:20]]
    return re.sub(r"\s+", " ", str(value))[:LONGEST]


class _Libraries(logging.Handler):
    """Takes what libraries say through the standard library's logging."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass on that a library spoke; what it said only where it is trusted."""
        line: dict[str, Any] = {"library": record.name}
        if record.name.startswith(TRUSTED_LIBRARIES):
            line["message"] = record.getMessage()
        if record.exc_info:
            line["exc_info"] = record.exc_info
        structlog.get_logger().log(record.levelno, "library_message", **line)
