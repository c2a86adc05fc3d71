"""Making links: who may, of what, for whom; and that a link opens less as soon as something changes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from dms.db.tables import (
    AuditEventRow,
    LetterRow,
    PlacementRow,
    RoleHeldRow,
    ScopedLinkDocumentRow,
    ScopedLinkRow,
    UserRow,
)
from dms.kernel.digest import token_digest
from dms.kernel.errors import BadInput, DmsError, NotFound, Refused
from dms.kernel.ids import new_id
from dms.model.catalogue import Level
from dms.model.events import EventKind
from dms.model.links import LegalBasis, LinkEnd, LinkLife, Permission, Verification
from dms.services.passwords import verified
from rights.rules.links import parse_token
from tests.links.links_world import LinkWorld


def test_a_link_is_kept_without_its_secrets(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    papers = shared.papers(pupil, count=2)
    made = shared.share("carla", pupil, papers, recipient="Mevrouw Canarie-Geel", email="geel@lyceum.example", days=3)
    token = made.url.rpartition("/")[2]
    row = shared.row(made)
    assert parse_token(token) == token
    assert made.url.startswith("http://localhost:8080/l/")
    assert row.token_digest == token_digest(token)
    assert verified(row.access_code_hash, made.access_code)
    assert len(made.access_code) == 8
    assert made.access_code.isdigit()
    assert row.ends - row.starts == timedelta(days=3)
    with shared.house.app.database.read() as session:
        frozen = set(session.scalars(select(ScopedLinkDocumentRow.document_id).where(
            ScopedLinkDocumentRow.link_id == row.id
        )))  # fmt: skip
        letter = session.scalars(select(LetterRow).where(LetterRow.kind == "link.sent")).one()
        event = session.scalars(select(AuditEventRow).where(AuditEventRow.object_id == row.id)).one()
        shared_kinds = session.scalars(select(AuditEventRow.kind).where(AuditEventRow.object_id.in_(papers))).all()
    assert frozen == set(papers) == shared.opens(made)
    assert made.sent
    assert event.kind is EventKind.LINK_MADE
    assert list(shared_kinds) == [EventKind.DOCUMENT_SHARED] * 2
    told = f"{event.details} {letter.params}".encode()
    files = b"".join(x.read_bytes() for x in (shared.house.folder / "var").rglob("*") if x.is_file())
    for secret in (token, made.access_code, "Canarie-Geel", "geel@lyceum.example"):
        assert secret.encode() not in files + told, secret


def test_the_least_verification_follows_what_is_most_confidential(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    low = shared.papers(pupil, "ADM-01", level=1)
    care = shared.papers(pupil, "ZRG-01")
    mail = "wit@lyceum.example"
    assert shared.row(shared.share("carla", pupil, low, email=mail)).verification is Verification.EMAIL
    assert shared.row(shared.share("carla", pupil, low)).verification is Verification.CODE
    assert shared.row(shared.share("carla", pupil, low + care, email=mail)).verification is Verification.CODE
    for order in (
        shared.order(pupil, low + care, email=mail, verification=Verification.EMAIL),
        shared.order(pupil, low, verification=Verification.EMAIL),
        shared.order(pupil, low, email=mail, live=True, verification=Verification.ACCOUNT),
        shared.order(pupil, live=True, email=mail, verification=Verification.EMAIL),
    ):
        with pytest.raises(BadInput):
            shared.house.app.links.create(shared.house.by("carla"), order)
    hanna = shared.share("carla", pupil, low, email="hanna@deregenboog.example", verification=Verification.ACCOUNT)
    assert shared.row(hanna).account_id == shared.house.by("hanna").user_id
    assert hanna.access_code == ""


def test_nobody_shares_what_she_may_not_share_and_see(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    ours, secret, elsewhere = (
        shared.papers(pupil, count=2),
        shared.papers(pupil, "VEI-01"),
        shared.papers(shared.pupil()),
    )
    for who, papers, error in (
        ("mees", ours, NotFound),
        ("gijs", ours, NotFound),
        ("bram", ours, (NotFound, Refused)),
        ("esra", ours, Refused),
        ("carla", [*ours, *secret], NotFound),
        ("carla", [*ours, *elsewhere], NotFound),
        ("carla", [*ours, new_id()], NotFound),
        ("dirk", [*ours, *secret], Refused),
    ):
        with pytest.raises(error):
            shared.share(who, pupil, papers)
    with pytest.raises(BadInput) as several:
        shared.share("carla", None, [*ours, *elsewhere])
    assert several.value.code == "several_dossiers"
    assert shared.row(shared.share("carla", None, ours)).pupil_id == pupil
    (listed,) = shared.house.app.link_lists.of_dossier(shared.house.by("dirk"), pupil, ended=True)
    assert listed.documents == 2


def test_what_nobody_confirmed_never_goes(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    sure, doubt = shared.papers(pupil), shared.papers(pupil, confirmed=False)
    with pytest.raises(BadInput) as refused:
        shared.share("carla", pupil, sure + doubt)
    assert refused.value.code == "unconfirmed"
    whole = shared.house.app.links.preview(shared.house.by("carla"), shared.order(pupil))
    assert [x.document_id for x in whole.going] == sure
    assert [(x.document_id, x.reason.code) for x in whole.left_out] == [(doubt[0], "unconfirmed")]
    made = shared.share("carla", pupil, live=True)
    assert shared.opens(made) == set(sure)
    shared.house.app.documents.confirm(shared.house.by("carla"), doubt[0])
    assert shared.opens(made) == set(sure + doubt)


def test_what_is_for_named_people_goes_only_by_name(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    plain, named = shared.papers(pupil, "VEI-02"), shared.papers(pupil, "VEI-02", level=4)
    by = shared.house.by("dirk")
    with pytest.raises(Refused):
        shared.share("dirk", pupil, named)
    shared.adopt(lambda x: replace(x, level=Level.L4) if x.role == "directeur" else x)
    try:
        whole = shared.house.app.links.preview(by, shared.order(pupil))
        assert [x.document_id for x in whole.going] == plain
        assert [x.reason.code for x in whole.left_out] == ["by_name_only"]
        assert shared.opens(shared.share("dirk", pupil, named)) == set(named)
        assert shared.opens(shared.share("dirk", pupil, live=True)) == set(plain)
        warned = shared.house.app.links.preview(by, shared.order(pupil, named)).warnings
        assert {x.code for x in warned} == {"special", "other_links"}
    finally:
        shared.adopt(lambda x: replace(x, level=Level.L3) if x.role == "directeur" and x.number < 6 else x)


def test_a_frozen_list_stays_and_a_live_part_follows(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    first = shared.papers(pupil)
    frozen = shared.share("carla", pupil)
    part = shared.share("carla", pupil, categories=("OND-05",), live=True)
    whole = shared.share("carla", pupil, live=True)
    later, other = shared.papers(pupil), shared.papers(pupil, "GES-01")
    assert shared.opens(frozen) == set(first)
    assert shared.opens(part) == set(first + later)
    assert shared.opens(whole) == set(first + later + other)
    assert all(x.version_id is None for x in shared.worth(part).open_places)
    assert all(x.version_id is not None for x in shared.worth(frozen).open_places)


def test_a_link_shrinks_with_everything_under_it(shared: LinkWorld) -> None:
    pupil, other = shared.pupil(), shared.pupil()
    kept, raised, moved, binned, care = (shared.papers(pupil, "ADM-01", level=1)[0] for _ in range(5))
    every = [kept, raised, moved, binned, care]
    made = shared.share("carla", pupil, every, email="wit@lyceum.example")
    assert shared.opens(made) == set(every)
    app, carla = shared.house.app, shared.house.by("carla")
    version = app.documents.facts(carla, raised).row_version
    app.documents.change(carla, raised, version, category="OND-05")
    assert shared.opens(made) == {kept, moved, binned, care}
    version = app.documents.facts(carla, moved).row_version
    app.documents.change(carla, moved, version, pupil_id=other)
    app.placements.remove_all(carla, pupil, [binned])
    assert shared.opens(made) == {kept, care}
    with app.database.begin() as uow:
        uow.session.execute(update(PlacementRow).where(PlacementRow.document_id == care).values(category="AVG-01"))
    assert shared.opens(made) == {kept}
    reasons = {x.document_id: x.reason.code for x in shared.worth(made).places}
    assert reasons == {
        kept: "shared", raised: "verification", moved: "not_in_link", binned: "gone", care: "maker"
    }  # fmt: skip


def test_a_link_ends_with_the_role_and_the_account_of_its_maker(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    papers = shared.papers(pupil)
    by_carla, by_anouk = shared.share("carla", pupil, papers), shared.share("anouk", pupil, papers)
    carla, anouk = shared.house.by("carla").user_id, shared.house.by("anouk").user_id
    with shared.house.app.database.begin() as uow:
        held = RoleHeldRow.user_id == carla
        uow.session.execute(update(RoleHeldRow).where(held).values(until=shared.clock.today()))
        uow.session.execute(update(UserRow).where(UserRow.id == anouk).values(disabled_at=uow.now))
    try:
        assert shared.worth(by_carla).life is LinkLife.POWERLESS
        assert shared.worth(by_anouk).life is LinkLife.POWERLESS
        lives = {x.id: x.life for x in shared.house.app.link_lists.of_dossier(shared.house.by("dirk"), pupil)}
        assert lives == {by_carla.link_id: LinkLife.POWERLESS, by_anouk.link_id: LinkLife.POWERLESS}
    finally:
        with shared.house.app.database.begin() as uow:
            uow.session.execute(update(RoleHeldRow).where(held).values(until=None))
            uow.session.execute(update(UserRow).where(UserRow.id == anouk).values(disabled_at=None))
    assert shared.worth(by_carla).life is LinkLife.LIVE


def test_a_package_goes_by_link_with_a_code_of_its_own(shared: LinkWorld) -> None:
    pupil, package = shared.pupil(), new_id()
    order = shared.order(pupil, package_id=package, email="wit@lyceum.example")
    with pytest.raises(Refused):
        shared.house.app.links.create(shared.house.by("carla"), order)
    shared.papers(pupil)
    made = shared.house.app.links.create(shared.house.by("carla"), order)
    row = shared.row(made)
    assert (row.package_id, row.verification, row.permissions) == (package, Verification.CODE, "download view")
    assert shared.worth(made).serves
    assert shared.opens(made) == set()
    listed = shared.house.app.link_lists.of_dossier(shared.house.by("anouk"), pupil)
    assert {x.id for x in listed} == {made.link_id}
    assert shared.house.app.link_pages.one(shared.house.by("carla"), made.link_id).going == ()


def test_time_and_openings_end_a_link(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    papers = shared.papers(pupil)
    made = shared.share("carla", pupil, papers, openings=1, starts=shared.clock.today() + timedelta(days=1), days=2)
    assert not made.sent
    assert shared.worth(made).life is LinkLife.NOT_YET
    before = shared.clock.ahead
    try:
        shared.clock.ahead = before + timedelta(days=2)
        assert shared.worth(made).life is LinkLife.LIVE
        with shared.house.app.database.begin() as uow:
            uow.session.execute(update(ScopedLinkRow).where(ScopedLinkRow.id == made.link_id).values(openings=1))
        assert shared.worth(made).life is LinkLife.USED_UP
        assert shared.worth(made).serves
        shared.clock.ahead = before + timedelta(days=4)
        assert shared.worth(made).life is LinkLife.ENDED
        assert not shared.opens(made)
    finally:
        shared.clock.ahead = before


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipient": " "}, {"recipient": "x" * 121}, {"purpose": "x"}, {"purpose": "x" * 301}, {"email": "geen adres"},
        {"days": 0}, {"days": 31}, {"openings": 0}, {"categories": ("ZZZ-99",)}, {"email": "niemand@x.example",
        "verification": Verification.ACCOUNT},
    ],
)  # fmt: skip
def test_wrong_orders_make_nothing(shared: LinkWorld, wrong: dict[str, object]) -> None:
    pupil = shared.pupil()
    papers = [] if "categories" in wrong else shared.papers(pupil)
    with pytest.raises(DmsError):
        shared.share("carla", pupil, papers, **wrong)
    assert shared.house.app.link_lists.of_dossier(shared.house.by("carla"), pupil, ended=True) == ()


def test_created_is_listed_and_one_click_revokes_one_a_receiver_or_a_dossier(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    app, carla, anouk = shared.house.app, shared.house.by("carla"), shared.house.by("anouk")
    papers = shared.papers(pupil, count=2)
    made = [
        shared.share("carla", pupil, papers, recipient=f"School {n % 2}", basis=LegalBasis.CONSENT) for n in range(4)
    ]
    made.append(shared.share("anouk", pupil, live=True, recipient="School 0"))
    listed = app.link_lists.of_dossier(anouk, pupil)
    assert {x.id for x in listed} == {x.link_id for x in made}
    assert len(app.link_lists.marks(anouk, pupil)) == 5
    assert {x.id for x in app.link_lists.mine(carla)} >= {x.link_id for x in made[:4]}
    assert made[4].link_id not in {x.id for x in app.link_lists.mine(carla)}
    assert app.links.revoke(anouk, made[0].link_id)
    assert not app.links.revoke(anouk, made[0].link_id)
    assert shared.worth(made[0]).life is LinkLife.REVOKED
    assert app.links.revoke_recipient(carla, made[2].link_id) == 2
    assert {x.id for x in app.link_lists.of_dossier(anouk, pupil)} == {made[1].link_id, made[3].link_id}
    with pytest.raises(NotFound):
        app.links.revoke_dossier(shared.house.by("mees"), pupil)
    with pytest.raises(NotFound):
        app.links.revoke(shared.house.by("mees"), made[1].link_id)
    assert app.links.revoke_dossier(carla, pupil) == 2
    assert app.link_lists.of_dossier(anouk, pupil) == ()
    assert len(app.link_lists.of_dossier(anouk, pupil, ended=True)) == 5
    with app.database.read() as session:
        revoked = session.scalar(
            select(func.count()).where(
                AuditEventRow.kind == EventKind.LINK_REVOKED, AuditEventRow.object_id.in_([x.link_id for x in made])
            )
        )
    assert revoked == 5


def test_a_link_tells_nobody_of_documents_that_she_may_not_see(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    secret, plain = shared.papers(pupil, "VEI-02"), shared.papers(pupil)
    hidden, mixed = shared.share("dirk", pupil, secret), shared.share("dirk", pupil, secret + plain)
    lists, pages = shared.house.app.link_lists, shared.house.app.link_pages
    assert {x.id for x in lists.of_dossier(shared.house.by("anouk"), pupil)} == {mixed.link_id}
    assert len(lists.marks(shared.house.by("anouk"), pupil)) == 1
    with pytest.raises(NotFound):
        pages.one(shared.house.by("anouk"), hidden.link_id)
    page = pages.one(shared.house.by("anouk"), mixed.link_id)
    assert ([x.document_id for x in page.going], page.hidden) == (plain, 1)
    assert {x.id for x in lists.of_dossier(shared.house.by("esra"), pupil)} == {hidden.link_id, mixed.link_id}
    with pytest.raises(NotFound):
        lists.of_dossier(shared.house.by("mees"), pupil)


def test_somebody_else_gets_a_link_of_her_own(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    papers = shared.papers(pupil)
    old = shared.share("carla", pupil, papers, days=5, permissions=frozenset({Permission.VIEW, Permission.DOWNLOAD}))
    new = shared.house.app.links.readdress(shared.house.by("carla"), old.link_id, "Het andere lyceum")
    before, after = shared.row(old), shared.row(new)
    assert before.revoked_for is LinkEnd.RECIPIENT_CHANGED
    assert (after.ends, after.permissions, after.purpose) == (before.ends, before.permissions, before.purpose)
    assert after.token_digest != before.token_digest
    assert (shared.opens(old), shared.opens(new)) == (set(), set(papers))
    with pytest.raises(BadInput):
        shared.house.app.links.readdress(shared.house.by("carla"), old.link_id, "Nog een lyceum")


def test_somebody_else_never_gets_more_than_the_first(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    wanted, other = shared.papers(pupil, "OND-05", count=2), shared.papers(pupil, "GES-01")
    old = shared.share("carla", pupil, categories=("OND-05",))
    later = shared.papers(pupil, "OND-05")
    shared.house.app.placements.remove_all(shared.house.by("carla"), pupil, wanted[:1])
    new = shared.house.app.links.readdress(shared.house.by("carla"), old.link_id, "Het andere lyceum")
    assert shared.opens(new) == {wanted[1]}
    live = shared.share("carla", pupil, categories=("GES-01",), live=True)
    again = shared.house.app.links.readdress(shared.house.by("carla"), live.link_id, "Het andere lyceum")
    assert shared.opens(again) == set(other)
    assert not shared.opens(again) & set(later)
