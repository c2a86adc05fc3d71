"""Dossiers open and close on their day, without an import."""

from collections.abc import Callable
from datetime import date

from dms.db.tables import AuditEventRow, DossierRow
from dms.model.documents import DossierState
from dms.model.events import SYSTEM, EventKind
from dms.services.pupil_import import follow_days
from tests.pupils.conftest import Office

HEADING = "leerlingnummer;roepnaam;achternaam;inschrijfdatum;uitschrijfdatum"


def test_dossiers_follow_the_days(office: Office, listed: Callable[..., str]) -> None:
    content = listed(
        HEADING,
        "1;Sem;Berg;01-08-2020;31-07-2026",
        "2;Elif;Smit;01-08-2026;",
        "3;Can;Bos;01-08-2020;",
        "4;Nour;Vos;01-08-2020;06-03-2026",
    )
    office.run(content)

    def states() -> list[tuple[DossierState, date | None]]:
        rows = office.rows(DossierRow)
        return sorted(((x.state, x.closed_on) for x in rows), key=lambda x: (x[0].value, str(x[1])))

    assert follow_days(office.tools, SYSTEM) == 0
    office.clock.day = date(2026, 7, 31)
    assert follow_days(office.tools, SYSTEM) == 0
    office.clock.day = date(2026, 8, 1)
    assert follow_days(office.tools, SYSTEM) == 2
    assert follow_days(office.tools, SYSTEM) == 0
    assert states() == [
        (DossierState.CLOSED, date(2026, 3, 7)),
        (DossierState.CLOSED, date(2026, 8, 1)),
        (DossierState.OPEN, None),
        (DossierState.OPEN, None),
    ]
    kinds = [x.kind for x in office.rows(AuditEventRow) if x.actor_kind == SYSTEM.kind]
    assert sorted(kinds) == [EventKind.DOSSIER_CLOSED, EventKind.DOSSIER_OPENED]
    # the import agrees with what the days did
    assert office.run(content).counts["unchanged"] == 4
