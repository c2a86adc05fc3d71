"""What parents and pupils see at the portal, asked over HTTP: by right, by age, by authority, by the plan."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from dms.db.tables import (
    AuditEventRow,
    CarerRow,
    DocumentRow,
    FamilyPhaseRow,
    PlacementRow,
    PupilCarerRow,
    PupilConsentRow,
    PupilRow,
)
from dms.model.documents import PlacementState
from dms.services.carers import CarerContact, CarerForm
from rights.service.gate import Gate
from tests.houses import BRIN
from tests.portal.family_world import ABSENT, TOKEN, FamilyWorld

SEEN = {"joris OND-03", "joris ADM-01", "joris GES-01", "joris ZRG-03", "joris ADM-02"}
LARGEST = 100_000


def listed(page: str) -> set[UUID]:
    """The documents that a page links to."""
    return {UUID(x) for x in re.findall(r"/portaal/documenten/([0-9a-f-]{36})", page)}


def years_old(world: FamilyWorld, pupil: str, years: int) -> None:
    """Let a pupil be so old today."""
    today = world.house.app.clock.today()
    born = today.replace(year=today.year - years, day=min(today.day, 28))
    with world.house.app.database.begin() as uow:
        uow.session.execute(update(PupilRow).where(PupilRow.id == world.pupils[pupil]).values(birth_date=born))


@pytest.fixture
def joris_again(families: FamilyWorld):
    """Joris as he was, after a test that lets him grow or changes who has authority."""
    with families.house.app.database.read() as session:
        born = session.get_one(PupilRow, families.pupils["joris"]).birth_date
    yield
    with families.house.app.database.begin() as uow:
        uow.session.execute(update(PupilRow).where(PupilRow.id == families.pupils["joris"]).values(birth_date=born))
        uow.session.execute(
            update(PupilCarerRow)
            .where(PupilCarerRow.pupil_id == families.pupils["joris"])
            .values(authority=True, authority_until=None, until=None)
        )


def masked(answer: TestResponse) -> str:
    """A page without the token of its forms, which differs at every request."""
    return TOKEN.sub("", answer.get_data(as_text=True))


def child(world: FamilyWorld, name: str, pupil: str = "joris") -> str:
    """The page of a child as somebody gets it."""
    answer = world.enter(name).get(f"/portaal/kind/{world.pupils[pupil]}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("name", ["hanna", "ivo"])
def test_both_parents_see_exactly_what_is_open(families: FamilyWorld, name: str) -> None:
    assert listed(child(families, name)) == {families.documents[x] for x in SEEN}


def test_a_pupil_of_sixteen_sees_herself(families: FamilyWorld) -> None:
    assert listed(child(families, "lotte", "lotte")) == {families.documents[f"lotte {x}"] for x in ("OND-03", "GES-01")}


def test_a_carer_without_authority_reads_why_and_nothing_else(families: FamilyWorld) -> None:
    page = child(families, "karim", "yasmina")
    assert "geen gezag" in page
    assert listed(page) == set()
    assert "el Khattabi" not in re.sub(r'<span class="soft">.*?</span>', "", page)


def test_authority_that_ends_is_gone_at_the_next_request(families: FamilyWorld, joris_again: None) -> None:
    client, address = families.enter("ivo"), f"/portaal/documenten/{families.documents['joris OND-03']}"
    assert client.get(address).status_code == 200
    with families.house.app.database.begin() as uow:
        ivo = select(CarerRow.id).where(CarerRow.user_id == families.by("ivo").user_id)
        uow.session.execute(
            update(PupilCarerRow).where(PupilCarerRow.carer_id.in_(ivo)).values(authority_until=uow.today)
        )
    for part in ("", "/bladzijde/1", "/tekst", "/bestand"):
        assert client.get(address + part).status_code == 404
    assert "geen gezag" in client.get("/portaal").get_data(as_text=True)
    assert families.enter("hanna").get(address).status_code == 200


@pytest.mark.parametrize(
    ("age", "consent", "open_to_hanna"),
    [(15, False, SEEN), (16, False, {"joris OND-03", "joris ADM-02"}), (18, False, set()),
     (18, True, {"joris OND-03", "joris ADM-02"})],
)  # fmt: skip
def test_age_is_judged_at_the_request(
    families: FamilyWorld, joris_again: None, age: int, consent: bool, open_to_hanna: set[str]
) -> None:
    years_old(families, "joris", age)
    with families.house.app.database.begin() as uow:
        hanna = uow.session.scalars(select(CarerRow.id).where(CarerRow.user_id == families.by("hanna").user_id)).one()
        if consent:
            row = PupilConsentRow(
                pupil_id=families.pupils["joris"], carer_id=hanna, since=uow.today, created_at=uow.now
            )
            uow.session.add(row)
    assert listed(child(families, "hanna")) == {families.documents[x] for x in open_to_hanna}
    with families.house.app.database.begin() as uow:
        uow.session.execute(update(PupilConsentRow).values(until=uow.today))


def test_a_phase_opens_on_its_day_and_not_before(families: FamilyWorld) -> None:
    client, address = families.enter("hanna"), f"/portaal/documenten/{families.documents['joris OND-05']}"
    assert client.get(address).status_code == 404
    assert "Notities" not in child(families, "hanna")
    with families.house.app.database.begin() as uow:
        phase = uow.session.scalars(select(FamilyPhaseRow).where(FamilyPhaseRow.name == "Notities")).first()
        assert phase is not None
        notes = (FamilyPhaseRow.name == "Notities",)
        uow.session.execute(update(FamilyPhaseRow).where(*notes).values(opens_on=uow.today))
    try:
        assert client.get(address).status_code == 200
        assert "notities van de leerkracht" in client.get("/portaal").get_data(as_text=True)
    finally:
        with families.house.app.database.begin() as uow:
            later = uow.today + timedelta(days=28)
            uow.session.execute(update(FamilyPhaseRow).where(*notes).values(opens_on=later))
    assert client.get(address).status_code == 404


def test_only_what_a_person_confirmed(families: FamilyWorld) -> None:
    fresh = families.add("joris", "OND-03", "Vanzelf opgeborgen", confirmed=False)
    client = families.enter("hanna")
    assert client.get(f"/portaal/documenten/{fresh}").status_code == 404
    assert fresh not in listed(child(families, "hanna"))
    with families.house.app.database.begin() as uow:
        uow.session.execute(update(PlacementRow).where(PlacementRow.document_id == fresh).values(confirmed=True))
    assert client.get(f"/portaal/documenten/{fresh}").status_code == 200
    with families.house.app.database.begin() as uow:
        uow.session.execute(
            update(PlacementRow).where(PlacementRow.document_id == fresh).values(state=PlacementState.BIN)
        )
    assert client.get(f"/portaal/documenten/{fresh}").status_code == 404


def test_what_is_about_another_child_too_is_not_shown(families: FamilyWorld) -> None:
    shared = families.add("joris", "OND-03", "Verslag van twee kinderen")
    client = families.enter("hanna")
    assert client.get(f"/portaal/documenten/{shared}").status_code == 200
    place = families.place_too(shared, "other")
    assert client.get(f"/portaal/documenten/{shared}").status_code == 404
    assert shared not in listed(child(families, "hanna"))
    with families.house.app.database.begin() as uow:
        uow.session.get_one(PlacementRow, place).state = PlacementState.BIN
    assert client.get(f"/portaal/documenten/{shared}").status_code == 200
    with families.house.app.database.begin() as uow:
        uow.session.execute(update(PlacementRow).where(PlacementRow.document_id == shared).values(confirmed=False))


def test_the_other_parents_address_is_hidden_and_a_secret_one_is_never_shown(families: FamilyWorld) -> None:
    carers, anouk, joris = families.house.app.carers, families.house.by("anouk"), families.pupils["joris"]
    for name, street, phone in (("Hanna", "Lindepad 4", "06-11110000"), ("Ivo", "Kade 77", "06-22220000")):
        one = next(x for x in carers.of(anouk, joris).carers if x.name.startswith(name))
        form = CarerForm(
            one.name, one.relation, one.email, True, contact=CarerContact(phone, street, "3999 KB", "Oeverzand")
        )
        carers.save(anouk, joris, one.id, form)
    mine = child(families, "hanna")
    assert "Lindepad 4" in mine
    assert "Ivo Hazelhoff" in mine
    for hidden in ("Kade 77", "06-22220000", "ivo@"):
        assert hidden not in mine
    one = next(x for x in carers.of(anouk, joris).carers if x.name.startswith("Hanna"))
    carers.save(anouk, joris, one.id, CarerForm(one.name, one.relation, one.email, True, address_secret=True))
    mine = child(families, "hanna")
    assert "Lindepad 4" not in mine
    assert "geheim" in mine
    assert "Lindepad" not in child(families, "ivo")
    assert "geheim" not in child(families, "ivo")


def test_every_look_is_in_the_log_as_done_by_the_carer(families: FamilyWorld) -> None:
    client, document = families.enter("ivo"), families.documents["joris OND-03"]
    client.get(f"/portaal/documenten/{document}")
    client.get(f"/portaal/documenten/{document}/bestand")
    client.get(f"/portaal/kind/{families.pupils['joris']}")
    with families.house.app.database.read() as session:
        rows = session.scalars(
            select(AuditEventRow).where(AuditEventRow.actor_id == families.by("ivo").user_id).order_by(AuditEventRow.id)
        ).all()
    told = [(x.kind.value, x.details.get("door")) for x in rows[-3:]]
    assert told == [("document.seen", "portal"), ("document.downloaded", "portal"), ("dossier.seen", "portal")]
    _, lines = families.house.app.rights_desk.log.for_subject(families.house.by("esra"), families.pupils["joris"])
    assert {"ouder", "carer"} & {x.who for x in lines[:3]}, [x.who for x in lines[:3]]


def test_what_is_forbidden_and_what_is_not_there_look_the_same(families: FamilyWorld) -> None:
    client = families.enter("hanna")
    for pattern, ids in (
        ("/portaal/documenten/{}", ("joris ZRG-04", "other OND-03", "lotte OND-03")),
        ("/portaal/documenten/{}/bladzijde/1", ("joris ZRG-04", "other OND-03")),
        ("/portaal/documenten/{}/bestand", ("joris ZRG-04", "lotte OND-03")),
    ):
        absent = client.get(pattern.format(ABSENT))
        for label in ids:
            got = client.get(pattern.format(families.documents[label]))
            assert (got.status_code, masked(got)) == (404, masked(absent))


def test_pages_are_small_and_need_no_script(families: FamilyWorld) -> None:
    client = families.enter("hanna")
    css = client.get(re.findall(r'href="(/portaal/static/[^"]+\.css)"', client.get("/portaal").text)[0])
    for address in ("/portaal", f"/portaal/kind/{families.pupils['joris']}", "/portaal/account",
                    f"/portaal/documenten/{families.documents['joris OND-03']}"):  # fmt: skip
        answer = client.get(address)
        assert len(answer.data) + len(css.data) < LARGEST
        assert b"<script" not in answer.data
        assert b" style=" not in answer.data
        assert answer.headers["Cache-Control"] == "no-store"
        assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_the_service_tells_the_same_as_the_gate(families: FamilyWorld) -> None:
    with families.house.app.database.read() as session:
        gate = Gate(session, families.by("hanna").user_id, families.house.app.clock.today())
        titles = session.scalars(
            select(DocumentRow.id).join(PlacementRow, PlacementRow.document_id == DocumentRow.id).where(gate.visible())
        ).all()
    assert {families.documents[x] for x in SEEN} <= set(titles)
    assert families.house.app.portal.plan.show(families.house.by("gijs"), BRIN).phases
