"""`dms link` as programs use it, and the screens as people use them without scripts."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from dms.db.tables import ScopedLinkEventRow, ScopedLinkRow
from dms.kernel.digest import token_digest
from dms.model.links import LinkEventKind
from tests.links.links_world import LinkWorld
from tests.retention.test_retention_commands import dms
from tests.rights.test_rights_screens import signed_in, token


@pytest.fixture(scope="module")
def carla(shared: LinkWorld) -> Iterator[FlaskClient]:
    """Signed in."""
    return signed_in(shared.house, "carla")


def number_of(shared: LinkWorld, pupil: UUID) -> str:
    return shared.house.app.pupils.dossier(shared.house.by("carla"), pupil).pupil.number


@pytest.mark.slow
def test_the_commands_make_list_and_revoke(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    papers = shared.papers(pupil, count=2)
    who = ("--user", "carla@deregenboog.example", "--recipient", "Lyceum Noord", "--purpose", "warme overdracht")
    named = [x for paper in papers for x in ("--document", paper)]
    (made,) = dms(shared.house, "link", "create", *map(str, named), *who, "--days", "2", "--opens", "2")
    assert set(made) == {"link_id", "url", "access_code", "sent"}
    assert re.fullmatch(r"http://localhost:8080/l/dl1_[A-Za-z0-9_-]{48}", made["url"])
    assert re.fullmatch(r"\d{8}", made["access_code"])
    number = number_of(shared, pupil)
    (part,) = dms(
        shared.house, "link", "create", "--dossier", number, "--category", "OND-05", "--live", *who, "--school", "99XX"
    )
    listed = {x["link_id"]: x for x in dms(shared.house, "link", "list", "--dossier", str(pupil))}
    assert set(listed) == {made["link_id"], part["link_id"]}
    assert listed[made["link_id"]]["max_openings"] == 2
    assert (listed[part["link_id"]]["target"], listed[part["link_id"]]["live"]) == ("categories", True)
    soon = dms(shared.house, "link", "list", "--school", "99XX", "--days", "3")
    assert made["link_id"] in {x["link_id"] for x in soon}
    assert part["link_id"] not in {x["link_id"] for x in soon}
    assert dms(shared.house, "link", "revoke", made["link_id"]) == [{"revoked": 1}]
    assert dms(shared.house, "link", "revoke", made["link_id"]) == [{"revoked": 0}]
    assert dms(shared.house, "link", "revoke", "--dossier", str(pupil)) == [{"revoked": 1}]
    assert dms(shared.house, "link", "list", "--dossier", str(pupil)) == []
    for wrong in (
        ("link", "create", *who),
        ("link", "create", "--document", str(papers[0]), "--dossier", number, *who),
        ("link", "create", "--document", str(papers[0]), *who, "--days", "31"),
        ("link", "create", "--document", str(papers[0]), *who, "--verify", "email", "--email", "a@b.example"),
        ("link", "create", "--document", str(papers[0]), *who, "--user", "mees@hetkompas.example"),
        ("link", "revoke", str(pupil)),
        ("link", "list", "--days", "3"),
    ):
        assert dms(shared.house, *wrong, code=2) == []


def test_two_documents_are_shared_in_five_fields(shared: LinkWorld, carla: FlaskClient) -> None:
    pupil = shared.pupil()
    papers = [str(x) for x in shared.papers(pupil, count=2)]
    asked = {"csrf_token": token(carla, f"/leerlingen/{pupil}"), "document": papers, "doe": "deel"}
    sent_on = carla.post(f"/leerlingen/{pupil}/documenten", data=asked)
    assert sent_on.status_code == 303
    page = carla.get(sent_on.headers["Location"]).text
    form = re.search(r'<form class="stack" method="post" action="/leerlingen/[^"]+/delen".*?</form>', page, re.S)
    assert form is not None
    fields = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*name="(\w+)"', form[0])
    assert fields == ["ontvanger", "email", "doel", "grondslag", "mag"]
    typed = {
        "csrf_token": asked["csrf_token"], "document": papers, "ontvanger": "Lyceum Noord",
        "doel": "warme overdracht", "grondslag": "public_task", "mag": "bekijken",
    }  # fmt: skip
    address = f"/leerlingen/{pupil}/delen"
    wrong = carla.post(address, data={**typed, "doel": "", "doe": "nakijken"})
    assert wrong.status_code == 400
    assert "Lyceum Noord" in wrong.text
    check = carla.post(address, data={**typed, "doe": "nakijken"})
    assert "Er is nog niets gedeeld." in check.text
    assert shared.house.app.link_lists.of_dossier(shared.house.by("carla"), pupil) == ()
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', check.text))
    again["document"] = papers  # type: ignore[assignment]
    made = carla.post(address, data={**again, "doe": "maken"})
    url = re.search(r'id="adres">([^<]+)<', made.text)
    code = re.search(r'id="code">(\d{4}) (\d{4})<', made.text)
    assert url is not None
    assert code is not None
    assert made.headers["Cache-Control"] == "no-store"
    with shared.house.app.database.read() as session:
        asked_row = select(ScopedLinkRow).where(ScopedLinkRow.token_digest == token_digest(url[1].rpartition("/")[2]))
        link = session.scalars(asked_row).one()
    for where in (f"/deellinks/{link.id}", f"/leerlingen/{pupil}/deellinks", "/deellinks", f"/leerlingen/{pupil}"):
        text = carla.get(where).text
        assert url[1].rpartition("/")[2] not in text
        assert code[1] + code[2] not in text.replace(" ", "")
        assert "1 open deellink" in text or "Lyceum Noord" in text


@pytest.mark.slow
def test_the_page_of_a_link_tells_each_thing_apart_and_revokes(shared: LinkWorld, carla: FlaskClient) -> None:
    pupil = shared.pupil()
    papers = shared.papers(pupil)
    made = shared.share("carla", pupil, papers)
    now = shared.clock.now()
    with shared.house.app.database.begin() as uow:
        for kind, paper in (
            (LinkEventKind.FETCHED, None),
            (LinkEventKind.FETCHED, None),
            (LinkEventKind.CHALLENGED, None),
            (LinkEventKind.VERIFIED, None),
            (LinkEventKind.VIEWED, papers[0]),
        ):
            uow.session.add(
                ScopedLinkEventRow(link_id=made.link_id, kind=kind, at=now, place="x" * 64, document_id=paper)
            )
        first = update(ScopedLinkRow).where(ScopedLinkRow.id == made.link_id).values(first_viewed_at=now)
        uow.session.execute(first)
    assert "1 link is nu bekeken" in carla.get("/").text
    assert "Nieuw: bekeken" in carla.get("/deellinks").text
    page = carla.get(f"/deellinks/{made.link_id}").text
    counts = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)
    assert counts[-6:] == [
        ("Opgehaald", "2"), ("Code gevraagd", "1"), ("Geopend", "1"), ("Bekeken", "1"), ("Gedownload", "0"),
        ("Teruggestuurd", "0"),
    ]  # fmt: skip
    assert "OND-05 0" in page
    assert "Nieuw: bekeken" not in carla.get("/deellinks").text
    asked = {"csrf_token": token(carla, "/deellinks"), "doe": "intrekken"}
    assert carla.post(f"/deellinks/{made.link_id}", data=asked).status_code == 303
    assert not shared.worth(made).serves
    assert "Ingetrokken" in carla.get(f"/deellinks/{made.link_id}").text
    mees = shared.share("carla", pupil, papers)
    anouk = signed_in(shared.house, "anouk")
    other = anouk.post(f"/deellinks/{mees.link_id}", data={"csrf_token": token(anouk, "/"), "doe": "ontvanger"})
    assert other.status_code == 303
    assert not shared.worth(mees).serves
