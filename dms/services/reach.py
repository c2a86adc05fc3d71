"""Where a person can do anything at all: for menus and outer doors, never for a verdict on a document."""

from collections.abc import Iterable
from uuid import UUID

from dms.model.catalogue import Category
from dms.model.events import By
from dms.services.catalogue import categories
from dms.services.shapes import SchoolView
from dms.services.tools import Tools
from rights.rules.actions import Action
from rights.rules.scope import Clause
from rights.service.gate import Gate


class Reach:
    """Actions by school."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def abilities(self, by: By, schools: Iterable[SchoolView]) -> frozenset[tuple[UUID, Action]]:
        """(school id, action) for each action that the person may do with some category there, in one transaction."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            known: dict[UUID, tuple[Category, ...]] = {}
            found = set()
            for school in schools:
                if school.board_id not in known:
                    known[school.board_id] = tuple(categories(session, school.board_id).values())
                for action in Action:
                    if reached_categories(gate.scope(action).clauses, school, known[school.board_id]):
                        found.add((school.id, action))
            return frozenset(found)


def reached_categories(
    clauses: Iterable[Clause], school: SchoolView, known: Iterable[Category]
) -> tuple[Category, ...]:
    """Those of `known` that some clause reaches at the school, for some pupil."""
    here = [x for x in clauses if x.board_id == school.board_id and x.school_id in (None, school.id)]
    return tuple(
        x for x in known if any(c.max_level >= x.level and any(p.matches(x.code) for p in c.categories) for c in here)
    )
