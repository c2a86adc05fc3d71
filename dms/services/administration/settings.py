"""What a board or a school chooses for itself; and, to read, what the installation was started with."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from dms.db.tables import BoardRow, ChosenSettingsRow, SchoolRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import Conflict, NotFound
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.events import By, Event, EventKind
from dms.services.administration.outcome import STALE, Outcome, changed
from dms.services.administration.remit import remit
from dms.services.chosen.fields import Choosable, checked
from dms.services.chosen.known import CONTACT, SETTINGS
from dms.services.chosen.reading import chosen_at, holding
from dms.services.tools import Tools


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting at a place: what is chosen there (empty: nothing), and what holds when nothing is."""

    about: Choosable
    chosen: str
    otherwise: str
    from_board: bool
    """Whether `otherwise` is what the board chose, and not what ships."""


@dataclass(frozen=True, slots=True)
class PlaceSettings:
    """The settings of a board (`school_id` None) or a school."""

    board_id: UUID
    school_id: UUID | None
    name: str
    settings: tuple[Setting, ...]
    row_version: int


class SettingsAdministration:
    """Settings in the database, each of which takes effect."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def view(self, by: By, board_id: UUID, school_id: UUID | None) -> PlaceSettings:
        """The settings of a place. Raises NotFound, Refused for the board of a school's administrator."""
        with self._tools.database.read() as session:
            reach = remit(session, by, Duty.SETTINGS, self._tools.clock.today())
            if school_id is None:
                reach.need_board(board_id)
                board = session.get(BoardRow, board_id)
                if board is None:
                    raise NotFound
                name = board.name
            else:
                school = session.get(SchoolRow, school_id)
                if school is None or school.board_id != board_id:
                    raise NotFound
                reach.need_school(board_id, school_id)
                name = school.name
            found = chosen_at(session, [board_id] if school_id is None else [board_id, school_id])
            here, above = found.get(school_id or board_id, {}), found.get(board_id, {})
            row = session.get(ChosenSettingsRow, school_id or board_id)
            settings = tuple(
                Setting(
                    x,
                    here.get(x.name, ""),
                    above.get(x.name, x.default) if school_id else x.default,
                    school_id is not None and x.name in above,
                )
                for x in known_at(school_id)
            )
            return PlaceSettings(board_id, school_id, name, settings, row.row_version if row else 0)

    def contact(self, board_id: UUID, school_id: UUID) -> str:
        """Whom colleagues of the school can ask; empty where nobody was chosen. For everybody who works there."""
        with self._tools.database.read() as session:
            return holding(session, CONTACT, board_id, school_id)

    def change(
        self, by: By, board_id: UUID, school_id: UUID | None, version: int, given: Mapping[str, str], *, apply: bool
    ) -> Outcome:
        """Choose; an empty value chooses nothing. Raises FieldsWrong, NotFound, Refused, Conflict (STALE)."""
        known = known_at(school_id)
        kept = checked(known, given)
        with self._tools.database.begin() as uow:
            reach = remit(uow.session, by, Duty.SETTINGS, uow.today)
            if school_id is None:
                reach.need_board(board_id)
            else:
                reach.need_school(board_id, school_id)
            row = self._row(uow, board_id, school_id, version)
            changes = changed(*((x.label, str(row.chosen.get(x.name, "")), kept.get(x.name, "")) for x in known))
            if apply and changes:
                row.chosen = dict(kept)
                row.row_version += 1
                row.changed_at = uow.now
                uow.session.add(row)
                uow.record(
                    Event(
                        EventKind.SETTINGS_CHANGED,
                        by,
                        board_id,
                        school_id,
                        object_kind="settings",
                        object_id=row.place_id,
                        details={"count": len(changes)},
                        changes=changes,
                    )
                )
            below = Reason("below", N_("Scholen die zelf iets kozen, houden dat."))
            at_school = school_id is None and any(x.at_school and x.label in {c.field for c in changes} for x in known)
            return Outcome(changes, (below,) if at_school else (), row.place_id)

    def _row(self, uow: UnitOfWork, board_id: UUID, school_id: UUID | None, version: int) -> ChosenSettingsRow:
        # The place itself is held: a first choice has no row to hold.
        if school_id is None:
            uow.session.get_one(BoardRow, board_id, with_for_update=True)
        elif uow.session.get_one(SchoolRow, school_id, with_for_update=True).board_id != board_id:
            raise NotFound
        found = uow.session.get(ChosenSettingsRow, school_id or board_id)
        row = found or ChosenSettingsRow(
            place_id=school_id or board_id, board_id=board_id, school_id=school_id, chosen={}, row_version=0
        )
        if row.row_version != version:
            raise Conflict(
                N_("Een collega heeft dit intussen gewijzigd."),
                N_("Bekijk wat er nu staat. Uw wijziging is nog niet opgeslagen."),
                code=STALE,
            )
        return row


def known_at(school_id: UUID | None) -> tuple[Choosable, ...]:
    """What can be chosen at a board (None) or a school."""
    return tuple(x for x in SETTINGS if school_id is None or x.at_school)
