"""Killed at each named moment of a destruction: the same end, nothing twice, nothing without a line, and the
certificate only after the verification.

Each moment once on a folder with SQLite; with DMS_TEST_FULL=1 also on PostgreSQL with S3, and a few passages later.
"""

import os
import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from dms.db.tables import (
    AuditEventRow,
    DestructionCertificateRow,
    DestructionLineRow,
    DestructionRunRow,
    DocumentRow,
    PlacementRow,
)
from dms.kernel.crashpoints import CrashPoint, DestructionPoint
from dms.model.destruction import RunState
from dms.model.documents import PlacementState
from dms.model.events import EventKind
from retention.service.signing import verify
from tests.destruction.destroy_world import Canary, canaries, carried_out, left, opened, started
from tests.houses import build
from tests.machines.crash_world import KILLED, LATER, World, kill_at

pytestmark = pytest.mark.slow
FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
KEYS = (CrashPoint.KEY_ERASED, CrashPoint.KEY_DESTROYED, CrashPoint.KEY_COPY_DESTROYED, CrashPoint.OBJECT_DELETED)
POINTS = [*DestructionPoint, *KEYS]
SAMPLE = POINTS if FULL else POINTS[:: max(1, len(POINTS) // 6)]
"""All of them with DMS_TEST_FULL=1; else some, from the first to the last."""
NAME = "Uitstroom 2022"


@dataclass
class DestroyWorld(World):
    """A house with an approved list that was started, and processes that carry it out `ahead` of the clock."""

    list_id: UUID = field(default_factory=uuid4)
    papers: list[Canary] = field(default_factory=list)
    ahead: timedelta = timedelta()

    def carry_out(self) -> None:
        """What worker and relay do, in this process, long after every lease has run out."""
        with opened(self.folder, **self.more) as place:
            place.clock.ahead = self.ahead
            carried_out(place, self.list_id)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> DestroyWorld:
    """A closed house with a started list of three papers, one of them in two dossiers."""
    folder = tmp_path_factory.mktemp("killed")
    world = DestroyWorld(folder, {"DMS_KEYS_COPY": str(folder / "keys-copy")})
    build(folder, **world.more).app.close()
    with opened(folder, **world.more) as place:
        world.papers = canaries(place, 3, nth=0, mark="k")
        world.list_id = started(place, name=NAME)
        world.ahead = place.clock.ahead
    return world


def copy_of(template: DestroyWorld, folder: Path) -> DestroyWorld:
    """The same house somewhere else."""
    shutil.copytree(template.folder, folder)
    world = DestroyWorld(folder, {"DMS_KEYS_COPY": str(folder / "keys-copy")})
    world.list_id, world.papers, world.ahead = template.list_id, template.papers, template.ahead
    return world


def outcome(world: DestroyWorld) -> dict[str, Any]:
    """All that must be the same at the end, however it was reached."""
    with opened(world.folder, **world.more) as place:
        app = place.app
        with app.database.read() as session:
            run = session.scalars(select(DestructionRunRow)).one()
            certificates = session.scalars(select(DestructionCertificateRow)).all()
            lines = session.scalars(select(DestructionLineRow)).all()
            destroyed = session.scalars(
                select(AuditEventRow.object_id).where(AuditEventRow.kind == EventKind.DOCUMENT_DESTROYED)
            ).all()
            verified = session.scalars(
                select(AuditEventRow.id).where(AuditEventRow.kind == EventKind.DESTRUCTION_VERIFIED)
            ).all()
            made = session.scalars(
                select(AuditEventRow.id).where(AuditEventRow.kind == EventKind.CERTIFICATE_MADE)
            ).all()
            states = set(session.scalars(select(PlacementRow.state)))
            titles = set(session.scalars(select(DocumentRow.title)))
        entries = [x.entry.id for x in app.ledger.read()]
        key = app.destruction.certificates.public_key()
        assert all(verify(x.text, key).holds for x in certificates)
        assert len(verified) == len(made) == len(certificates)
        assert all(x < y for x, y in zip(verified, made, strict=True)), "certified before it was verified"
        report = app.checks.check(full=True)
        assert report.well, report.details
        owners = [x.document_id for x in world.papers]
        return {
            "run": run.state,
            "certificates": len(certificates),
            "lines": sorted(x.document_id for x in lines),
            "in ledger": sorted(entries),
            "in log": sorted(destroyed),
            "states": states,
            "titles": titles,
            "keys": app.vault.keys.missing(owners) == set(owners),
            "words": left(place, [y for x in world.papers for y in x.words]),
            "probes": app.vault.keys.missing([run.id]) == {run.id},
        }


def expected(world: DestroyWorld) -> dict[str, Any]:
    """How it must end."""
    documents = sorted(x.document_id for x in world.papers)
    return {
        "run": RunState.COMPLETED,
        "certificates": 1,
        "lines": documents,
        "in ledger": documents,
        "in log": documents,
        "states": {PlacementState.DESTROYED},
        "titles": {""},
        "keys": True,
        "words": {},
        "probes": True,
    }


@pytest.mark.parametrize("point", SAMPLE)
def test_killed_and_gone_on(point: str, template: DestroyWorld, tmp_path: Path) -> None:
    world = copy_of(template, tmp_path / "world")
    assert world.child(world.carry_out, kill_at(point)) == KILLED, "the point was not reached"
    world.ahead += LATER
    assert world.child(world.carry_out) == 0
    assert outcome(world) == expected(world)
    world.ahead += LATER
    assert world.child(world.carry_out) == 0, "carrying it out once more changes nothing"
    assert outcome(world) == expected(world)


def test_the_undisturbed_way_passes_every_point(template: DestroyWorld, tmp_path: Path) -> None:
    world, seen = copy_of(template, tmp_path / "world"), tmp_path / "seen.txt"

    def note(name: str) -> None:
        with seen.open("a") as file:
            file.write(f"{name}\n")

    assert world.child(world.carry_out, note) == 0
    assert {str(x) for x in POINTS} <= set(seen.read_text().split())
    assert outcome(world) == expected(world)
