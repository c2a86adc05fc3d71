"""Carers: authority with its days and proof, secret addresses, and who is entitled at 16 and 18."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from dms.db.tables import AuditEventRow, CarerRow, DossierRow, MatrixLineRow, MatrixVersionRow, PupilCarerRow, PupilRow
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.ids import new_id
from dms.model.events import EventKind
from dms.services.carers import CarerContact, CarerForm
from ingest.rules.pupils.entitled import AgeLimits, CarerFacts, Share, entitled, turnings
from rights.service.gate import Gate
from rights.service.places import reachable_pupils
from tests.houses import House

CONTACT = CarerContact("06 00000000", "Kievitstraat 1", "3998 AB", "Oeverzand")


def pupil_of(house: House, name: str = "Joris") -> UUID:
    """A pupil of the cast."""
    with house.app.database.read() as session:
        return session.scalars(select(PupilRow.id).where(PupilRow.given_name == name)).one()


def last_event(house: House) -> AuditEventRow:
    """The newest line of the log."""
    with house.app.database.read() as session:
        return session.scalars(select(AuditEventRow).order_by(AuditEventRow.id.desc()).limit(1)).one()


def let_the_head_read_numbers(house: House, pupil: UUID) -> None:
    """What a school does when it lets its head read BSNs."""
    with house.app.database.begin() as uow:
        dossier = uow.session.scalars(select(DossierRow).where(DossierRow.pupil_id == pupil)).one()
        latest = uow.session.scalars(
            select(MatrixVersionRow)
            .where(MatrixVersionRow.board_id == dossier.board_id)
            .order_by(MatrixVersionRow.number.desc())
        ).first()
        assert latest is not None
        version = MatrixVersionRow(board_id=latest.board_id, number=latest.number + 1, created_at=uow.now)
        uow.session.add(version)
        uow.session.flush()
        for number, categories in enumerate(("ADM-01", "ADM-04"), start=1):
            uow.session.add(
                MatrixLineRow(
                    matrix_version_id=version.id,
                    number=number,
                    role="directeur",
                    reach="school",
                    level=4,
                    categories=categories,
                    actions="see read",
                )
            )


def test_authority_has_days_and_a_proof(house: House) -> None:
    anouk, pupil = house.by("anouk"), pupil_of(house)
    today = house.app.clock.today()
    page = house.app.carers.of(anouk, pupil)
    assert page.may_edit
    ivo = next(x for x in page.carers if x.name.startswith("Ivo"))
    assert (ivo.authority, ivo.entitlement.share) == (True, Share.ALL)
    ended = CarerForm(
        ivo.name, ivo.relation, ivo.email, True, authority_until=today, address_secret=True, contact=CONTACT
    )
    house.app.carers.save(anouk, pupil, ivo.id, ended)
    assert last_event(house).kind is EventKind.CARER_SAVED
    assert last_event(house).details == {"fields": "address_secret,authority_until,contact"}
    after = next(x for x in house.app.carers.of(anouk, pupil).carers if x.id == ivo.id)
    assert (after.authority, after.entitlement.share, after.entitlement.reason.code) == (
        False,
        Share.NOTHING,
        "no_authority",
    )
    with pytest.raises(NotFound):
        house.app.carers.save(anouk, pupil, ivo.id, CarerForm(ivo.name, proof_document_id=new_id()))


def test_a_parent_sees_a_child_only_on_the_days_of_authority(house: House) -> None:
    anouk, pupil, today = house.by("anouk"), pupil_of(house), house.app.clock.today()
    hanna = next(x for x in house.app.carers.of(anouk, pupil).carers if x.name.startswith("Hanna"))

    def reached() -> bool:
        with house.app.database.read() as session:
            gate = Gate(session, house.by("hanna").user_id, today)
            return pupil in session.scalars(select(PupilRow.id).where(reachable_pupils(gate))).all()

    for days, expected in (
        ((None, None), True),
        ((None, today), False),
        ((today, today + timedelta(days=1)), True),
        ((today + timedelta(days=1), None), False),
    ):
        form = CarerForm(hanna.name, hanna.relation, hanna.email, True, *days)
        house.app.carers.save(anouk, pupil, hanna.id, form)
        assert reached() is expected


def test_a_secret_address_is_for_who_keeps_it(house: House) -> None:
    anouk, pupil = house.by("anouk"), pupil_of(house)
    made = house.app.carers.save(
        anouk, pupil, None, CarerForm("Oma Kuipers", "anders", address_secret=True, contact=CONTACT)
    )
    assert house.app.carers.contact(anouk, pupil, made) == CONTACT
    assert (last_event(house).kind, last_event(house).details) == (EventKind.CARER_CONTACT_SEEN, {"secret": True})
    head = house.by("dirk")
    assert not house.app.carers.of(head, pupil).may_edit
    with pytest.raises(Refused):
        house.app.carers.contact(head, pupil, made)
    for stranger in ("mees", "gijs"):
        with pytest.raises(NotFound):
            house.app.carers.of(house.by(stranger), pupil)
    with house.app.database.read() as session:
        link = session.scalars(select(PupilCarerRow).where(PupilCarerRow.carer_id == made)).one()
        assert link.contact_sealed is not None
        assert b"Kievit" not in link.contact_sealed
        assert link.position > 2


def test_ending_keeps_what_was_and_wrong_forms_are_refused(house: House) -> None:
    anouk, pupil = house.by("anouk"), pupil_of(house)
    first = house.app.carers.of(anouk, pupil).carers[0]
    house.app.carers.end(anouk, pupil, first.id, house.app.clock.today())
    after = house.app.carers.of(anouk, pupil)
    assert not next(x for x in after.carers if x.id == first.id).current
    assert after.carers[0].current
    day = house.app.clock.today()
    for wrong in (
        CarerForm(" "),
        CarerForm("Iemand", email="geen adres"),
        CarerForm("Iemand", relation="x" * 41),
        CarerForm("Iemand", authority_since=day, authority_until=day),
    ):
        with pytest.raises(BadInput):
            house.app.carers.save(anouk, pupil, first.id, wrong)
    with pytest.raises(Refused):
        house.app.carers.save(house.by("dirk"), pupil, first.id, CarerForm("Iemand"))


def test_two_parents_with_one_address_are_two_people_and_flagged(house: House) -> None:
    anouk, pupil = house.by("anouk"), pupil_of(house)
    hanna, ivo = house.app.carers.of(anouk, pupil).carers[:2]
    house.app.carers.save(anouk, pupil, ivo.id, CarerForm(ivo.name, ivo.relation, hanna.email.upper(), True))
    page = house.app.carers.of(anouk, pupil)
    assert [x.shared_email for x in page.carers] == [True, True]
    with house.app.database.read() as session:
        people = session.scalars(select(CarerRow.id).where(CarerRow.id.in_([hanna.id, ivo.id]))).all()
        assert len(people) == 2


def test_numbers_in_full_are_for_who_may_and_recorded(house: House) -> None:
    school = next(x for x in house.schools() if x.brin == "99XX")
    facts = next(x for x in school.current_pupils if x.bsn)
    pupil, dirk = house.pupil_id(facts.number), house.by("dirk")
    before = last_event(house).id
    for name, refusal in (("anouk", Refused), ("dirk", Refused), ("gijs", NotFound), ("mees", NotFound)):
        with pytest.raises(refusal):
            house.app.pupils.national_numbers(house.by(name), pupil)
    assert last_event(house).id == before
    let_the_head_read_numbers(house, pupil)
    numbers = house.app.pupils.national_numbers(dirk, pupil)
    assert numbers.bsn == facts.bsn
    assert facts.bsn not in repr(numbers)
    seen = last_event(house)
    assert (seen.kind, seen.details) == (EventKind.NATIONAL_NUMBERS_SEEN, {"bsn": True, "onderwijsnummer": False})


@pytest.mark.parametrize(
    "age, carer, own",
    [
        (10, Share.ALL, Share.NOTHING),
        (15, Share.ALL, Share.NOTHING),
        (16, Share.PROGRESS, Share.ALL),
        (17, Share.PROGRESS, Share.ALL),
        (18, Share.NOTHING, Share.ALL),
    ],
)
def test_at_16_and_at_18(age: int, carer: Share, own: Share) -> None:
    today, parent = date(2026, 3, 10), CarerFacts(new_id(), authority=True)
    on_the_day = entitled(date(2026 - age, 3, 10), "", (parent,), today, AgeLimits())
    assert [x.share for x in on_the_day] == [carer, own]
    day_before = entitled(date(2026 - age, 3, 11), "", (parent,), today, AgeLimits())
    younger = entitled(date(2026 - age + 1, 3, 10), "", (parent,), today, AgeLimits())
    assert [x.share for x in day_before] == [x.share for x in younger]


def test_ages_are_data_and_never_made_up() -> None:
    today, parent = date(2026, 3, 10), CarerFacts(new_id(), authority=True)
    strict = entitled(date(2013, 3, 10), "", (parent,), today, AgeLimits(own=12, adult=21))
    assert [x.share for x in strict] == [Share.PROGRESS, Share.ALL]
    for partial, expected in (
        ("2019", [Share.ALL, Share.NOTHING]),
        ("2010", [Share.UNKNOWN, Share.UNKNOWN]),
        ("2010-03", [Share.UNKNOWN, Share.UNKNOWN]),
        ("2010-04", [Share.ALL, Share.NOTHING]),
        ("2009", [Share.PROGRESS, Share.ALL]),
        ("2008", [Share.UNKNOWN, Share.ALL]),
        ("2005-12", [Share.NOTHING, Share.ALL]),
        ("2015-02-01?", [Share.UNKNOWN, Share.UNKNOWN]),
        ("", [Share.UNKNOWN, Share.UNKNOWN]),
    ):
        assert [x.share for x in entitled(None, partial, (parent,), today, AgeLimits())] == expected, partial


def test_authority_counts_on_its_days_only() -> None:
    today = date(2026, 3, 10)
    day = timedelta(days=1)
    for facts, expected in (
        (CarerFacts(new_id(), True, authority_since=today), True),
        (CarerFacts(new_id(), True, authority_since=today + day), False),
        (CarerFacts(new_id(), True, authority_until=today), False),
        (CarerFacts(new_id(), True, authority_until=today + day), True),
        (CarerFacts(new_id(), True, until=today), False),
        (CarerFacts(new_id(), True, deceased=True), False),
        (CarerFacts(new_id(), False), False),
    ):
        assert facts.holds_authority(today) is expected


def test_what_changes_at_16_and_18_has_its_day() -> None:
    """Each age to come with whom it changes; 29 February counts on 1 March; else there is none."""
    parent, stranger = CarerFacts(new_id(), True), CarerFacts(new_id(), False)
    limits = AgeLimits()
    own, adult = turnings(date(2012, 2, 29), (parent, stranger), date(2026, 3, 1), limits)
    assert (own.age, own.on, adult.age, adult.on) == (16, date(2028, 2, 29), 18, date(2030, 3, 1))
    assert [(x.carer_id, x.share) for x in own.changes] == [(parent.carer_id, Share.PROGRESS), (None, Share.ALL)]
    assert [(x.carer_id, x.share) for x in adult.changes] == [(parent.carer_id, Share.NOTHING)]
    for on, ages in ((own.on - timedelta(days=1), [16, 18]), (own.on, [18]), (adult.on, [])):
        assert [x.age for x in turnings(date(2012, 2, 29), (parent,), on, limits)] == ages
    ended = CarerFacts(new_id(), True, authority_until=date(2027, 1, 1))
    assert [x.carer_id for x in turnings(date(2012, 2, 29), (ended,), date(2026, 3, 1), limits)[0].changes] == [None]
    assert turnings(None, (parent,), date(2026, 3, 1), limits) == ()
