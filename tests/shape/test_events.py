"""Every event is recorded by somebody, and every place that changes rows records one, or says here why not."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from dms.db.tables import AuditEventRow
from dms.model.documents import Source
from dms.model.events import EventKind
from dms.model.people import RoleCode
from dms.services.shapes import Hints
from tests.houses import BRIN, OPERATOR, PASSWORD, House

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("dms", "ingest", "retention", "rights", "indexing", "storage")

UNRECORDED = {
    "dms/services/accounts/sessions.py session": "when a session was last used; the sign-in is recorded",
    "dms/services/accounts/people.py set_language": "a person's own taste",
    "dms/services/notices/choices.py choose": "a person's own taste",
    "dms/services/portal/sign_in.py session": "when a session was last used; the sign-in is recorded",
    "dms/services/preferences.py choose": "a person's own taste",
    "dms/services/links/doorway.py visit": "when a visit was last seen; its opening is recorded",
    "dms/services/links/served.py _acting": "hands its unit of work to who records what was seen or taken",
    "dms/services/recent.py opened": "a way back for the person; that it was opened is recorded by the act",
    "dms/services/links/expiry.py tell": "a reminder; what becomes of letters is recorded",
    "dms/services/links/showing.py told": "the maker has read a notice; what happened was recorded",
    "dms/services/checks.py _reindex": "leaves rows for the index only; what they stand for was recorded",
    "ingest/service/claims.py": "takes and gives back work; its outcome is recorded",
    "ingest/service/worker.py": "takes and gives back work; its outcome is recorded",
    "ingest/service/dossier_work.py": "takes work in turns, line by line; start and end are recorded",
    "ingest/service/watched.py release": "another file may have this mark; that this one was taken is recorded",
    "ingest/service/renditions_later.py": "takes work in turns; what was made is recorded",
    "ingest/service/redaction/worker.py _claim": "takes up a redaction; what comes of it is recorded",
    "ingest/service/redaction/worker.py _extend": "goes on with a redaction; what comes of it is recorded",
    "ingest/service/source_runs.py": "how a source does; what it took or refused is recorded",
    "ingest/service/mail.py sweep": "a refused mail is forgotten; that it was refused was recorded",
    "ingest/service/mail_account.py": "the provider gave another token; that somebody set one was recorded",
    "ingest/service/mail_answers.py _give_back": "an answer that did not leave is tried again",
    "ingest/service/resumable.py": "how far a file is; its receipt is recorded",
    "dms/services/administration/scan_folders.py look_now": "asks for a look; what comes of it is recorded",
    "dms/services/administration/mailboxes.py fetch_now": "asks for a look; what comes of it is recorded",
    "ingest/service/received/receive.py erase_file": "the file follows; that the package was decided on was recorded",
    "ingest/service/erase.py": "the bytes follow; that they go was recorded with the act",
    "dms/services/pupil_import/reader.py claim": "takes up the reading of a file; its outcome is recorded",
    "dms/services/pupil_import/reader.py _shown": "how far a reading is",
    "dms/services/pupil_import/reader.py _let_go": "gives a reading back; its outcome is recorded",
    "dms/services/pupil_import/imports.py _forget_file": "the file goes; that it was applied was recorded",
    "retention/service/steps_work.py": "takes and gives back items; what becomes of them is recorded",
    "retention/service/steps.py enter": "marks how far an item is; that it was destroyed is recorded at the end",
    "retention/service/steps.py _mark": "marks how far an item is; that it was destroyed is recorded at the end",
    "retention/service/steps_verify.py _verified": "asks the index to be cleaned; the verification is recorded",
    "retention/service/steps_verify.py _taken": "who verifies, not what was found",
    "retention/service/steps_verify.py _give_back": "who verifies, not what was found",
    "retention/service/execute.py run_of": "takes up a list; that it was started is recorded",
    "retention/service/execute.py _ready_to_verify": "takes up what belongs to a list; what becomes of it is recorded",
    "ingest/service/desk_place.py keep": "who is busy with an item, not what was done",
    "ingest/service/desk_sticky.py": "a taste: for whom a person is filing; each filing is recorded",
    "ingest/service/desk_acts.py forget": "drops the way back from acts that are recorded themselves",
    "dms/services/backup/step.py require_step": "how far one file was compared with another",
    "dms/db/leases.py": "who works, not what was done",
    "dms/db/pulse.py": "who works, not what was done",
    "dms/db/outbox.py": "who works, not what was done",
    "dms/db/audit.py": "the log itself",
}
"""File, or file and function, with the reason why it opens a unit of work and records nothing."""


@dataclass(frozen=True)
class Function:
    """A function of the product: where it stands and what it does."""

    file: str
    name: str
    opens: bool
    records: bool
    hands_on: frozenset[str]
    """Functions that it gives its unit of work to."""


@pytest.mark.slow
def test_every_kind_of_event_is_recorded_somewhere() -> None:
    used = {
        node.attr
        for path in files()
        if path != ROOT / "dms" / "model" / "events.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "EventKind"
    }
    assert sorted(x.name for x in EventKind if x.name not in used) == []
    assert sorted(used - {x.name for x in EventKind}) == []


@pytest.mark.slow
def test_whoever_changes_rows_records_what_happened() -> None:
    known = list(functions())
    recording = {x.name for x in known if x.records}
    while more := {x.name for x in known if x.hands_on & recording} - recording:
        recording |= more
    silent = {f"{x.file} {x.name}" for x in known if x.opens and not x.records and not x.hands_on & recording}
    unexplained = {x for x in silent if x not in UNRECORDED and x.partition(" ")[0] not in UNRECORDED}
    assert sorted(unexplained) == []
    assert sum(x.opens for x in known) > 25
    unneeded = {x for x in UNRECORDED if not any(y == x or y.startswith(f"{x} ") for y in silent)}
    assert sorted(unneeded) == [], "these no longer open a unit of work, or record now"


def files() -> Iterator[Path]:
    """The modules of the product."""
    for folder in PRODUCT:
        yield from sorted(x for x in (ROOT / folder).rglob("*.py") if "demo" not in x.parts)


def functions() -> Iterator[Function]:
    """Every function of the product that has to do with a unit of work."""
    for path in files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield function(path.relative_to(ROOT).as_posix(), node)


def function(file: str, node: ast.FunctionDef) -> Function:
    """What one function does with a unit of work."""
    calls = [x for x in ast.walk(node) if isinstance(x, ast.Call)]
    opened = [
        item.optional_vars.id
        for x in ast.walk(node)
        if isinstance(x, ast.With)
        for item in x.items
        if isinstance(item.optional_vars, ast.Name)
        and item.optional_vars.id == "uow"
        and called(item.context_expr) == "begin"
    ]
    given = {x.arg for x in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    units = set(opened) | (given & {"uow"})
    return Function(
        file=file,
        name=node.name,
        opens=bool(opened),
        records=any(called(x) == "record" and owner(x) in units for x in calls),
        hands_on=frozenset(
            called(x) for x in calls if any(isinstance(a, ast.Name) and a.id in units for a in arguments(x))
        ),
    )


def arguments(call: ast.Call) -> list[ast.expr]:
    """All arguments of a call."""
    return [*call.args, *(x.value for x in call.keywords)]


def called(node: ast.expr) -> str:
    """The last name of what is called."""
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def owner(call: ast.Call) -> str:
    """The name before the last dot of what is called."""
    function = call.func
    return function.value.id if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) else ""


def kinds(house: House) -> list[str]:
    """The kinds of the log's lines, oldest first."""
    with house.app.database.read() as session:
        return [x.value for x in session.scalars(select(AuditEventRow.kind).order_by(AuditEventRow.id))]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"password": "een nieuwe lange zin"}, [EventKind.PASSWORD_SET]),
        ({"group": "groep 8a"}, [EventKind.GROUP_GIVEN]),
        ({}, []),
    ],
)
def test_changing_an_account_that_exists_is_recorded(
    house: House, more: dict[str, str], expected: list[EventKind]
) -> None:
    before = len(kinds(house))
    house.app.accounts.add_user(OPERATOR, "bram@deregenboog.example", RoleCode.MENTOR.value, BRIN, **more)
    assert kinds(house)[before:] == [x.value for x in expected]


def test_another_password_ends_the_sessions_that_knew_the_old_one(house: House) -> None:
    accounts = house.app.accounts
    token = accounts.sign_in("bram@deregenboog.example", PASSWORD).token
    assert accounts.session(token) is not None
    accounts.add_user(OPERATOR, "bram@deregenboog.example", "mentor", BRIN, password="een nieuwe lange zin")
    assert accounts.session(token) is None


def test_reading_again_is_recorded(house: House) -> None:
    anouk = house.by("anouk")
    intake = house.app.receive.receive(anouk, BRIN, Source.UPLOAD, [("leeg.pdf", [b""])], Hints())
    house.app.worker().work_until_empty()
    (item,) = house.items(intake)
    house.app.desk.retry(anouk, item.item_id)
    assert kinds(house)[-1] == EventKind.ITEM_RETRIED.value


def test_details_of_events_are_ids_enums_and_counts(house: House) -> None:
    with house.app.database.read() as session:
        details = [x for (x,) in session.execute(select(AuditEventRow.details))]
    texts = {str(v) for x in details for v in x.values() if isinstance(v, str)}
    assert len(details) > 300
    assert sorted(x for x in texts if re.search(r"[A-Z][a-z]+ |@", x)) == []
