"""The main job through real processes: a scan goes in over HTTP, is read, filed, found and given back byte for byte."""

from collections.abc import Iterator

import pytest

from tests.golden.papers import scan
from tests.golden.running import Installation, Person, Service, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
ANOUK = "anouk@deregenboog.example"
MEES = "mees@hetkompas.example"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation(tmp_path_factory.mktemp("golden"), {"DMS_WORKERS": "1"})


@pytest.fixture(scope="module")
def password(installation: Installation) -> str:
    (loaded,) = installation.asked("demo", "--without-papers")
    assert loaded["pupils"] >= 300
    return str(loaded["password"])


@pytest.fixture(scope="module")
def service(installation: Installation, password: str) -> Iterator[Service]:
    with installation.serving() as running:
        yield running


def test_a_scan_is_filed_found_and_given_back(installation: Installation, service: Service, password: str) -> None:
    paper = scan(nth=3)
    anouk = Person(service.address)
    anouk.sign_in(ANOUK, password)
    assert anouk.found(f"verzuim {paper.word}") == []

    shown, seen = anouk.settled(anouk.drop("Scan van school.pdf", paper.data))
    assert [x.state for x in shown] == ["filed"], shown
    assert {"waiting", "working"} & set(seen), seen
    document = shown[0].document
    assert any(paper.pupil.family_name in x for x in shown[0].texts), shown

    found = until(lambda: anouk.found(f"verzuim {paper.word}") or None, 30, "the scan cannot be found")
    assert found == [document]
    page = anouk.get(f"/documenten/{document}")
    assert page.status == 200
    assert paper.pupil.family_name in page.text
    image = anouk.get(f"/documenten/{document}/bladzijde/1")
    assert image.status == 200
    assert image.headers["Content-Type"] == "image/jpeg"
    assert image.body.startswith(b"\xff\xd8")
    assert anouk.original(document) == paper.data

    mees = Person(service.address)
    mees.sign_in(MEES, password)
    assert mees.found(f"verzuim {paper.word}") == []
    for part in ("", "/bladzijde/1", "/miniatuur/1", "/origineel"):
        assert mees.get(f"/documenten/{document}{part}").status == 404
    assert Person(service.address).get(f"/documenten/{document}").address.startswith(f"{service.address}/inloggen")

    (by_command,) = installation.asked("search", f"verzuim {paper.word}", "--user", ANOUK)
    assert [x["document_id"] for x in by_command["hits"]] == [document]
    assert installation.dms("show", document, "--user", MEES).code == 2
    (checked,) = installation.asked("check", "--full")
    assert set(checked.values()) == {0}


def test_the_same_scan_again_is_a_duplicate(service: Service, password: str) -> None:
    paper = scan(nth=5, seed=4)
    anouk = Person(service.address)
    anouk.sign_in(ANOUK, password)
    first, _ = anouk.settled(anouk.drop("eerste.pdf", paper.data))
    second, _ = anouk.settled(anouk.drop("tweede.pdf", paper.data))
    assert [x.state for x in (*first, *second)] == ["filed", "duplicate"]
    assert second[0].document in {"", first[0].document}
