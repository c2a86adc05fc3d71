"""A house with a plan of Joris in it, and a few shorthands for signing."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, update

from dms.db.tables import AuditEventRow, DocumentRow, ItemRow, LetterRow, SigningRequestRow, UserRow
from dms.model.documents import ItemState, Source
from dms.model.letters import LetterKind, LetterState
from dms.model.signing import Answer, SigningState
from dms.services.shapes import Hints
from tests.houses import BRIN, PASSWORD, House
from tests.lvs_archive.archive_files import pdf

WORDS = [f"{a}{b}" for a in ("lees", "reken", "taal", "spel", "werk", "zelf", "rust", "doel", "hulp", "groei") for b in
         ("lijn", "plan", "stap", "blok", "taak", "moment", "vorm", "kern", "week", "beeld")]  # fmt: skip


@dataclass
class SigningWorld:
    """A house, and the pupil whose plan is signed: Joris, of Hanna and Ivo."""

    house: House
    joris: UUID = field(init=False)

    def __post_init__(self) -> None:
        people = {x.call_name: x.number for x in self.house.schools()[0].pupils}
        self.joris = self.house.pupil_id(people["Joris"])

    def file(self, papers: Sequence[tuple[str, str]]) -> list[UUID]:
        """File papers (title, category) of Joris, confirmed because a person said whose and what they are."""
        app, found = self.house.app, []
        for title, category in papers:
            hints = Hints(self.joris, None, category, app.clock.today(), title)
            words = random.Random(title).sample(WORDS, 60)
            made = pdf(title, *(" ".join(words[n : n + 6]) for n in range(0, 60, 6)))
            source = Source.UPLOAD
            found.append(app.receive.receive(self.house.by("carla"), BRIN, source, [("plan.pdf", [made])], hints))
        self.house.work()
        with app.database.read() as session:
            items = {x.intake_id: x for x in session.scalars(select(ItemRow).where(ItemRow.intake_id.in_(found)))}
        assert {x.state for x in items.values()} == {ItemState.FILED}, [x.reason_code for x in items.values()]
        return [items[x].document_id for x in found]

    def ask(self, document_id: UUID, days: int = 14) -> UUID:
        return self.house.app.signing.asking.ask(self.house.by("carla"), document_id, self.today(days))

    def today(self, days: int = 0) -> date:
        return self.house.app.clock.today() + timedelta(days=days)

    def answer(self, name: str, request: UUID, answer: Answer, remark: str = "", proof: str = PASSWORD) -> None:
        self.house.app.signing.answering.answer(self.house.by(name), request, answer, remark, proof)

    def changed(self, request: UUID, **values: object) -> None:
        """Set a request back or forth in time, as if days went by."""
        with self.house.app.database.begin() as uow:
            uow.session.execute(update(SigningRequestRow).where(SigningRequestRow.id == request).values(**values))

    def kinds(self, request: UUID) -> list[str]:
        """What the log says of a request."""
        with self.house.app.database.read() as session:
            rows = session.scalars(
                select(AuditEventRow.kind).where(AuditEventRow.object_id == request).order_by(AuditEventRow.id)
            )
            return [x.value for x in rows]

    def letters(self, kind: LetterKind) -> int:
        with self.house.app.database.read() as session:
            return len(session.scalars(select(LetterRow.id).where(LetterRow.kind == kind)).all())

    def written(self, kind: LetterKind) -> set[str]:
        """Who still gets a letter of this kind: the first part of the address."""
        with self.house.app.database.read() as session:
            found = session.scalars(
                select(UserRow.email)
                .join(LetterRow, LetterRow.user_id == UserRow.id)
                .where(LetterRow.kind == kind, LetterRow.state == LetterState.WAITING)
            )
            return {x.partition("@")[0] for x in found}

    def choose(self, name: str, kinds: Sequence[LetterKind]) -> None:
        self.house.app.letters.choices.choose(self.house.by(name), kinds, "uur")

    def only(self, document_id: UUID, **days: int) -> UUID:
        """Put a plan before people anew; what was open about it is withdrawn."""
        signing, carla = self.house.app.signing, self.house.by("carla")
        for one in signing.overview.of_document(carla, document_id):
            if one.state is SigningState.OPEN:
                signing.asking.end(carla, one.id, withdraw=True)
        return self.ask(document_id, **days)

    def document(self, document_id: UUID) -> DocumentRow:
        with self.house.app.database.read() as session:
            return session.get_one(DocumentRow, document_id)
