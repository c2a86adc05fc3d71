"""What may stand in a log line."""

import ast
import io
import json
import logging
from pathlib import Path

import pytest
import structlog

from dms.log import KEYS, configure, redact

ROOT = Path(__file__).parents[2]
CODE = ("dms", "storage", "indexing", "rights", "retention", "ingest")
LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
SPECIAL = {"exc_info"}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the log writes."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    configure("info", "test")
    return stream


def lines(stream: io.StringIO) -> list[dict]:
    return [json.loads(x) for x in stream.getvalue().splitlines()]


def test_keys_that_are_not_on_the_list_are_dropped(written: io.StringIO) -> None:
    structlog.get_logger("x").info("seen", item_id="1", name="Jan Jansen", email="jan@school.example", query="dyslexie")
    (line,) = lines(written)
    assert line["item_id"] == "1"
    assert set(line) <= KEYS
    assert "Jansen" not in written.getvalue()
    assert "dyslexie" not in written.getvalue()


def test_a_fault_shows_its_kind_and_place_never_its_text(written: io.StringIO) -> None:
    try:
        raise ValueError("Jan Jansen")
    except ValueError:
        structlog.get_logger().error("broke", exc_info=True)
    (line,) = lines(written)
    assert line["error"] == "ValueError"
    assert line["at"][-1].startswith("test_log_lines.py:")
    assert "Jansen" not in written.getvalue()


def test_libraries_may_quote_what_they_read_so_their_words_stay_out(written: io.StringIO) -> None:
    logging.getLogger("pypdf._reader").warning("invalid name: Jan Jansen")
    logging.getLogger("gunicorn.error").info("Booting worker with pid: %d", 7)
    quoted, trusted = lines(written)
    assert "message" not in quoted
    assert quoted["library"] == "pypdf._reader"
    assert trusted["message"] == "Booting worker with pid: 7"


def test_a_level_below_the_settings_is_silent(written: io.StringIO) -> None:
    structlog.get_logger().debug("small")
    assert written.getvalue() == ""


def test_values_are_plain_and_short() -> None:
    line = redact(None, "info", {"event": "x\ny" * 1000, "at": ["a"] * 50, "count": 3, "kind": ValueError})
    assert len(line["event"]) == 300
    assert "\n" not in line["event"]
    assert len(line["at"]) == 20
    assert line["count"] == 3


def keys_in_the_code() -> dict[str, str]:
    """Every key that some call of a logger writes, with a place where it does."""
    found: dict[str, str] = {}
    for path in (x for folder in CODE for x in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in LEVELS
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in {"log", "_log", "logger"}
            ):
                for keyword in node.keywords:
                    if keyword.arg is not None:
                        found[keyword.arg] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


@pytest.mark.slow
def test_no_line_loses_a_key_that_its_writer_wanted() -> None:
    written = keys_in_the_code()
    assert len(written) > 20
    assert {k: at for k, at in written.items() if k not in KEYS | SPECIAL} == {}
