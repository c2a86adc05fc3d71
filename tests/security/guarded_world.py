"""A house whose names and papers speak markup, behind the whole web side: screens, API and signs of life in one."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import escape
from html.parser import HTMLParser
from io import BytesIO
from uuid import UUID

from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select, update
from werkzeug.test import Client, TestResponse

from dms.cli.site import build
from dms.db.tables import (
    CarerRow,
    DocumentRow,
    GroupPlacementRow,
    GroupRow,
    ItemRow,
    PupilCarerRow,
    PupilRow,
    SchoolRow,
    UserRow,
)
from dms.model.documents import ItemState, Source
from dms.services.shapes import Hints
from tests.houses import BRIN, PASSWORD, House

NEIGHBOUR = "99ZZ"


def payload(origin: str) -> str:
    """Text that would become an element, a script or an attribute wherever it is not escaped."""
    return f"\"'><x-leak onload=alert(1)>{origin}"


@dataclass
class Guarded:
    """The house and the ids of what lies in it."""

    house: House
    site: Client
    numbers: dict[str, str] = field(default_factory=dict)
    pupils: dict[str, UUID] = field(default_factory=dict)
    documents: dict[str, UUID] = field(default_factory=dict)
    items: dict[str, UUID] = field(default_factory=dict)
    intakes: dict[str, UUID] = field(default_factory=dict)

    def client(self, name: str | None = None) -> Client:
        """A browser of its own; signed in as `name` when given."""
        client = Client(self.site.application)
        if name is not None:
            answer = sign_in(client, email(name), PASSWORD)
            assert answer.status_code == 303, answer.get_data(as_text=True)
        return client

    def document(self, key: str) -> DocumentRow:
        """The row of a document as it is now."""
        with self.house.app.database.read() as session:
            return session.get_one(DocumentRow, self.documents[key])


def sign_in(client: Client, address: str, password: str, **more: str) -> TestResponse:
    """Send the form that the sign-in page gives."""
    form = {"email": address, "wachtwoord": password, "csrf_token": csrf(client, "/inloggen"), **more}
    return client.post("/inloggen", data=form)


def csrf(client: Client, address: str = "/") -> str:
    """The token against forged requests of this browser's session."""
    page = client.get(address, follow_redirects=True).get_data(as_text=True)
    found = re.search(r'<meta name="csrf-token" content="([^"]+)"', page)
    assert found is not None
    return found[1]


def email(name: str) -> str:
    """The address with which somebody of the cast signs in."""
    return f"{name}@{'hetkompas' if name == 'mees' else 'deregenboog'}.example"


def pdf(*lines: str) -> bytes:
    """A born-digital page."""
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    for nth, line in enumerate(lines):
        canvas.drawString(72, 760 - 16 * nth, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def make_guarded(house: House) -> Guarded:
    """Fill `house` (with the demo schools in it)."""
    made = Guarded(house, Client(build(house.app)))
    regenboog, kompas, _ = house.schools()
    seven = [x for x in regenboog.current_pupils if x.group == "groep 7"]
    chosen = {"marked": (seven[0], BRIN), "other": (seven[1], BRIN)}
    ours = {x.number for x in regenboog.pupils}
    chosen["theirs"] = (next(x for x in kompas.pupils if x.group == "groep 7" and x.number not in ours), NEIGHBOUR)
    for key, (pupil, brin) in chosen.items():
        made.pupils[key] = house.pupil_id(pupil.number, brin)
        made.numbers[key] = pupil.number
    _papers(made)
    _speak_markup(made)
    house.settle()
    return made


def _papers(made: Guarded) -> None:
    house = made.house
    day = house.app.clock.today() - timedelta(days=30)
    name = f"{payload('file')}.pdf"
    for key, pupil, brin in (("marked", "marked", BRIN), ("theirs", "theirs", NEIGHBOUR)):
        hints = Hints(pupil_id=made.pupils[pupil], category="OND-03", document_date=day)
        data = pdf("zonnebloem <script>alert(1)</script>", payload("text"), key)
        by = house.by("anouk" if brin == BRIN else "mees")
        made.intakes[key] = house.app.receive.receive(by, brin, Source.UPLOAD, [(name, [data])], hints)
    made.intakes["desk"] = house.send([(f"{payload('desk')}.pdf", pdf("Een brief zonder naam."))], house.by("anouk"))
    made.intakes["refused"] = house.send([(f"{payload('refused')}.pdf", b"geen pdf")], house.by("anouk"))
    made.intakes["their desk"] = house.send([("post.pdf", pdf("Een brief zonder naam."))], house.by("mees"), NEIGHBOUR)
    house.work()
    for key, intake in made.intakes.items():
        (item,) = house.items(intake)
        made.items[key] = item.item_id
        if item.document_id is not None:
            made.documents[key] = item.document_id
        states = {"desk": ItemState.DESK, "refused": ItemState.REFUSED, "their desk": ItemState.DESK}
        assert item.state is states.get(key, ItemState.FILED), (key, item.reason)


def _speak_markup(made: Guarded) -> None:
    """Names as an import could bring them in: whatever another system lets people type."""
    pupil_id, document_id = made.pupils["marked"], made.documents["marked"]
    with made.house.app.database.begin() as uow:
        session = uow.session
        session.execute(
            update(PupilRow)
            .where(PupilRow.id == pupil_id)
            .values(surname=payload("surname"), given_name=payload("given"))
        )
        session.execute(update(DocumentRow).where(DocumentRow.id == document_id).values(title=payload("title")))
        carers = select(PupilCarerRow.carer_id).where(PupilCarerRow.pupil_id == pupil_id)
        session.execute(update(CarerRow).where(CarerRow.id.in_(carers)).values(name=payload("carer")))
        groups = select(GroupPlacementRow.group_id).where(GroupPlacementRow.pupil_id == pupil_id)
        session.execute(update(GroupRow).where(GroupRow.id.in_(groups)).values(name=payload("group")[:60]))
        session.execute(update(SchoolRow).where(SchoolRow.brin == BRIN).values(name=payload("school")))
        session.execute(update(UserRow).where(UserRow.email == email("carla")).values(name=payload("person")))
        session.execute(update(ItemRow).where(ItemRow.id == made.items["desk"]).values(title=payload("suggested")))
        uow.reindex(document_id)


class Elements(HTMLParser):
    """What a browser would make of a page: elements and attributes that nobody wrote into a template."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.count = 0
        self._script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what must not be there."""
        self.count += 1
        names = {k for k, _ in attrs}
        self._script = tag == "script"
        if tag.startswith("x-") or tag in {"style", "iframe", "object", "embed", "base"}:
            self.found.append(f"<{tag}>")
        self.found += [f"<{tag} {k}>" for k in names if k.startswith("on") or k == "style"]
        self.found += [f"<{tag} {k}={v}>" for k, v in attrs if (v or "").strip().lower().startswith("javascript:")]
        if tag == "script" and "src" not in names:
            self.found.append("<script> without address")

    def handle_data(self, data: str) -> None:
        """Scripts have addresses, never text."""
        if self._script and data.strip():
            self.found.append("text in a script")

    def handle_endtag(self, tag: str) -> None:
        """A script ends."""
        self._script = False


def shown(origin: str) -> str:
    """How the payload looks in a page when it is escaped."""
    return escape(payload(origin)).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")
