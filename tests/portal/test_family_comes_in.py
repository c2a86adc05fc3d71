"""Coming in at the portal: invitations, two parents with one address, the second step, blocking, and no other door."""

from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from sqlalchemy import select, update

from dms.db.tables import (
    CarerRow,
    ChosenSettingsRow,
    LetterRow,
    PortalInvitationRow,
    PortalSessionRow,
    PupilCarerRow,
    PupilRow,
    UserRow,
)
from dms.kernel.clock import legal_date
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.model.portal import Channel
from dms.services.chosen.fields import NO, YES
from dms.services.portal.shapes import FamilyMember, Invitation
from dms.web.factory import create_app as staff_app
from tests.houses import BRIN, OPERATOR, PASSWORD
from tests.portal.family_world import FamilyWorld

NEW = "vier woorden zonder verband"


def carers(world: FamilyWorld, name: str) -> tuple[UUID, list[tuple[UUID, str]]]:
    """A pupil by given name and surname, and her carers with authority."""
    given, _, surname = name.partition(" ")
    with world.house.app.database.read() as session:
        pupil = session.scalars(
            select(PupilRow).where(PupilRow.given_name == given, PupilRow.surname == surname)
        ).first()
        assert pupil is not None
        rows = session.execute(
            select(CarerRow.id, CarerRow.name)
            .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
            .where(PupilCarerRow.pupil_id == pupil.id, PupilCarerRow.authority)
            .order_by(PupilCarerRow.position)
        )
        return pupil.id, [(x, y) for x, y in rows]


def invite(world: FamilyWorld, pupil: UUID, carer: UUID | None, channel: Channel = Channel.LETTER) -> Invitation:
    """Anouk invites."""
    return world.house.app.portal.invitations.invite(world.house.by("anouk"), BRIN, pupil, carer, channel)


def born(world: FamilyWorld, pupil: UUID) -> str:
    """The birth date as a browser sends it."""
    with world.house.app.database.read() as session:
        found = session.get_one(PupilRow, pupil).birth_date
        assert found is not None
        return found.isoformat()


def accept(world: FamilyWorld, code: str, day: str, password: str = NEW):
    """Somebody uses a code; the browser and the answer."""
    client = world.app.test_client()
    form = {"code": code, "geboren": day, "wachtwoord": password, "nogmaals": password}
    return client, world.post(client, "/portaal/uitnodiging", form, "/portaal/uitnodiging")


def member(world: FamilyWorld, pupil: UUID, carer: UUID) -> FamilyMember:
    """The line of a carer in the list of the school."""
    found = world.house.app.portal.members.of_pupil(world.house.by("anouk"), BRIN, pupil)
    return next(x for x in found if x.carer_id == carer)


def test_two_parents_with_one_address_get_accounts_apart(families: FamilyWorld) -> None:
    pupil, both = carers(families, "Sem Berg")
    assert len(both) == 2
    for carer, _ in both:
        line = member(families, pupil, carer)
        assert line.shared_email
        with pytest.raises(BadInput) as wrong:
            invite(families, pupil, carer, Channel.MAIL)
        assert wrong.value.code == "shared_address"
    logins = set()
    for carer, name in both:
        made = invite(families, pupil, carer)
        client, answer = accept(families, made.code, born(families, pupil))
        assert answer.status_code == 303, answer.text
        page = client.get("/portaal").text
        assert name in page
        assert "Sem" in page
        assert "Saar" in page, "the twin is the same parent's"
        line = member(families, pupil, carer)
        assert line.login.startswith("ouder-")
        logins.add(line.login)
        fresh = families.app.test_client()
        assert families.sign_in(fresh, "vanderberg@familie.example", NEW).status_code == 403
        assert families.sign_in(fresh, line.login, NEW).status_code == 303
    assert len(logins) == 2


def test_a_code_works_once_within_its_time_and_with_the_right_birth_date(families: FamilyWorld) -> None:
    pupil, found = carers(families, "Fleur Bakker-Jansen")
    carer, right = found[0][0], born(families, pupil)
    first = invite(families, pupil, carer)
    second = invite(families, pupil, carer)
    assert accept(families, first.code, right)[1].status_code == 400, "a later letter ends an earlier one"
    wrong = accept(families, second.code, "2011-01-01")[1]
    assert wrong.status_code == 400
    assert "de code geldt niet meer" in wrong.text
    with families.house.app.database.begin() as uow:
        row = (PortalInvitationRow.id == second.id,)
        uow.session.execute(update(PortalInvitationRow).where(*row).values(expires_at=uow.now))
    assert accept(families, second.code, right)[1].status_code == 400
    with families.house.app.database.begin() as uow:
        later = uow.now + timedelta(days=1)
        uow.session.execute(update(PortalInvitationRow).where(*row).values(expires_at=later))
    assert accept(families, second.code.upper().replace("-", " "), right)[1].status_code == 303
    assert accept(families, second.code, right)[1].status_code == 400
    assert accept(families, "abcd-efgh-jkmn", right)[1].text.count("de code geldt niet meer") == 1


def test_many_wrong_birth_dates_end_an_invitation(families: FamilyWorld) -> None:
    pupil, found = carers(families, "Renée Dijk")
    made = invite(families, pupil, found[0][0])
    with families.house.app.database.begin() as uow:
        uow.session.execute(update(PortalInvitationRow).where(PortalInvitationRow.id == made.id).values(tries=5))
    assert accept(families, made.code, born(families, pupil))[1].status_code == 400


def test_who_can_have_no_account(families: FamilyWorld) -> None:
    yasmina = families.pupils["yasmina"]
    with families.house.app.database.read() as session:
        karim = session.scalars(select(CarerRow.id).where(CarerRow.user_id == families.by("karim").user_id)).one()
    for pupil, carer, code in ((yasmina, karim, "no_authority"), (yasmina, None, "bad_input")):
        with pytest.raises(BadInput) as wrong:
            invite(families, pupil, carer)
        assert code in {wrong.value.code, "bad_input"}
    invitations = families.house.app.portal.invitations
    for name in ("bram", "gijs", "esra"):
        with pytest.raises(Refused):
            invitations.invite(families.house.by(name), BRIN, yasmina, karim)
    with pytest.raises(NotFound):
        invite(families, families.pupils["lotte"], None)


def test_a_mail_holds_the_code_and_no_name(families: FamilyWorld) -> None:
    pupil, found = carers(families, "Sanne Jansen")
    with families.house.app.database.begin() as uow:
        carer = uow.session.get_one(CarerRow, found[0][0])
        carer.email = "een.adres.voor.mij.alleen@post.example"
    made = invite(families, pupil, found[0][0], Channel.MAIL)
    with families.house.app.database.read() as session:
        row = session.scalars(select(LetterRow).order_by(LetterRow.posted_at.desc())).first()
        assert row is not None
        assert set(row.params) == {"until", "page"}
        assert row.secret_key == pupil
        opened = families.house.app.vault.unseal(pupil, row.secret_column or "", row.secret_sealed or b"")
        assert opened.decode() == made.code
        assert made.code not in str(row.params)


def test_the_second_step_is_asked_where_the_board_asks_it(families: FamilyWorld) -> None:
    pupil, found = carers(families, "Jasmijn Lucas")
    made = invite(families, pupil, found[0][0])
    board = next(x.board_id for x in families.house.app.schools.list() if x.brin == BRIN)
    with families.house.app.database.begin() as uow:
        row = uow.session.get_one(ChosenSettingsRow, board)
        row.chosen = {**row.chosen, "factor_ouder": YES}
    try:
        client, answer = accept(families, made.code, born(families, pupil))
        assert answer.location == "/portaal/inloggen/instellen"
        assert client.get("/portaal").status_code == 303, "half-way opens nothing"
        page = client.get("/portaal/inloggen/instellen").text
        secret = page.split("otpauth://")[1].split("secret=")[1].split("&")[0]
        shown = "/portaal/inloggen/instellen"
        assert families.post(client, shown, {"code": "000000"}, shown).status_code == 400
        done = families.post(client, shown, {"code": pyotp.TOTP(secret).now()}, shown)
        assert done.status_code == 200
        codes = [x.split("<")[0] for x in done.text.split("<code>")[1:]]
        assert len(codes) == 10
        assert client.get("/portaal").status_code == 200
        again = families.app.test_client()
        login = member(families, pupil, found[0][0]).login
        assert families.sign_in(again, login, NEW).location == "/portaal/inloggen/tweede-stap"
        step = "/portaal/inloggen/tweede-stap"
        assert families.post(again, step, {"code": codes[0]}, step).status_code == 303
        assert again.get("/portaal").status_code == 200
        third = families.app.test_client()
        families.sign_in(third, login, NEW)
        assert families.post(third, step, {"code": codes[0]}, step).status_code == 400, "used"
    finally:
        with families.house.app.database.begin() as uow:
            row = uow.session.get_one(ChosenSettingsRow, board)
            row.chosen = {**row.chosen, "factor_ouder": NO}


def test_a_new_code_ends_old_ways_in_and_a_blocked_account_stops_at_once(families: FamilyWorld) -> None:
    pupil, found = carers(families, "Lieke Thomas")
    carer = found[0][0]
    client, _ = accept(families, invite(families, pupil, carer).code, born(families, pupil))
    assert client.get("/portaal").status_code == 200
    newer, answer = accept(families, invite(families, pupil, carer).code, born(families, pupil), "heel andere woorden")
    assert answer.status_code == 303
    assert client.get("/portaal").status_code == 303
    line = member(families, pupil, carer)
    assert line.user_id is not None
    families.house.app.portal.members.block(families.house.by("anouk"), BRIN, line.user_id, blocked=True)
    assert newer.get("/portaal").status_code == 303
    assert families.sign_in(families.app.test_client(), line.login, "heel andere woorden").status_code == 403
    families.house.app.portal.members.block(families.house.by("anouk"), BRIN, line.user_id, blocked=False)
    assert families.sign_in(families.app.test_client(), line.login, "heel andere woorden").status_code == 303
    with pytest.raises(NotFound):
        colleague = families.house.by("bram").user_id
        assert colleague is not None
        families.house.app.portal.members.block(families.house.by("anouk"), BRIN, colleague, blocked=True)


def test_a_letter_never_opens_an_account_of_the_staff(families: FamilyWorld) -> None:
    pupil, found = carers(families, "Thomas Mulder")
    bram = families.house.by("bram").user_id
    with families.house.app.database.begin() as uow:
        carer = uow.session.get_one(CarerRow, found[0][0])
        carer.user_id, carer.email = bram, "bram@deregenboog.example"
    _, answer = accept(families, invite(families, pupil, found[0][0]).code, born(families, pupil))
    assert answer.status_code == 303
    with families.house.app.database.read() as session:
        carer = session.get_one(CarerRow, found[0][0])
        assert carer.user_id != bram
        made = session.get_one(UserRow, carer.user_id)
        assert made.email.startswith("ouder-")
    assert families.house.app.accounts.sign_in("bram@deregenboog.example", PASSWORD)


def test_sessions_open_one_door_only_and_end_by_themselves(families: FamilyWorld) -> None:
    client = families.enter("hanna")
    cookie = client.get_cookie("dms-portal")
    assert cookie is not None
    inside = staff_app(families.house.app)
    for name in ("dms", "dms-portal", "dms-link"):
        answer = inside.test_client(use_cookies=False).get("/leerlingen", headers={"Cookie": f"{name}={cookie.value}"})
        assert answer.status_code == 302
    with families.house.app.database.begin() as uow:
        hanna = families.by("hanna").user_id
        idle = uow.now - timedelta(minutes=31)
        uow.session.execute(update(PortalSessionRow).where(PortalSessionRow.user_id == hanna).values(seen_at=idle))
    assert client.get("/portaal").status_code == 303


def test_wrong_passwords_make_one_wait_and_say_nothing(families: FamilyWorld) -> None:
    client = families.app.test_client()
    texts = set()
    for name in ("ivo@deregenboog.example", "niemand@nergens.example", "carla@deregenboog.example"):
        answer = families.sign_in(client, name, "verkeerd wachtwoord")
        assert answer.status_code == 403
        texts.add(answer.text.split('role="alert"')[1].split("</div>")[0])
    assert len(texts) == 1
    pupil, found = carers(families, "Elif Gümüş")
    accept(families, invite(families, pupil, found[0][0]).code, born(families, pupil))
    login = member(families, pupil, found[0][0]).login  # nobody else's: who guessed waits longer than a test
    assert families.sign_in(families.app.test_client(), login, NEW).status_code == 303
    for _ in range(5):
        families.sign_in(client, login, "verkeerd wachtwoord")
    assert families.sign_in(client, login, NEW).status_code == 403


def test_another_password_ends_other_sessions_and_guessing_the_old_one_is_slowed_down(families: FamilyWorld) -> None:
    pupil, found = carers(families, "Simon Peters")
    client, _ = accept(families, invite(families, pupil, found[0][0]).code, born(families, pupil))
    login = member(families, pupil, found[0][0]).login
    other = families.app.test_client()
    assert families.sign_in(other, login, NEW).status_code == 303
    address, page = "/portaal/account/wachtwoord", "/portaal/account"
    changed = {"nieuw": "zin met andere woorden", "nogmaals": "zin met andere woorden"}
    done = families.post(client, address, {"oud": NEW, **changed}, page)
    assert done.status_code == 303
    assert client.get("/portaal").status_code == 200
    assert other.get("/portaal").status_code == 303
    for _ in range(6):
        assert families.post(client, address, {"oud": "mis", **changed}, page).status_code == 400
    right = families.post(client, address, {"oud": "zin met andere woorden", **changed}, page)
    assert right.status_code == 400, "who guessed too often waits"


def test_what_ends_access_for_the_operator_ends_it_at_the_portal(families: FamilyWorld) -> None:
    accounts = families.house.app.accounts
    pupil, found = carers(families, "Eva Simon")
    client, _ = accept(families, invite(families, pupil, found[0][0]).code, born(families, pupil))
    login = member(families, pupil, found[0][0]).login
    assert client.get("/portaal").status_code == 200
    accounts.disable(OPERATOR, login)
    assert client.get("/portaal").status_code == 303
    with families.house.app.database.read() as session:
        user = select(UserRow.id).where(UserRow.email == login)
        ended = session.scalars(select(PortalSessionRow.ended_at).where(PortalSessionRow.user_id.in_(user))).all()
    assert ended
    assert all(ended)


def test_a_code_counts_until_the_end_of_the_day_that_the_letter_says(families: FamilyWorld) -> None:
    pupil, found = carers(families, "Jasmijn Lucas")
    made = invite(families, pupil, found[0][0])
    last = families.house.app.clock.today() + timedelta(days=60)
    assert made.expires_at.date() == last, "what the letter says"
    assert legal_date(made.expires_at - timedelta(seconds=1)) == last
    assert legal_date(made.expires_at) == last + timedelta(days=1)
    assert not made.oneself


def test_a_pupil_is_not_asked_for_children(families: FamilyWorld) -> None:
    assert "Nog een kind toevoegen" in families.enter("hanna").get("/portaal/account").text
    assert "Nog een kind toevoegen" not in families.enter("lotte").get("/portaal/account").text
