"""The schedule on the screens: reading it, trying other rules out, a draft by one and adopting it by another."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from retention.rules.term import Term
from tests.houses import House
from tests.retention.retention_world import enrol, file
from tests.web.screen_world import World, make_world, token
from tests.web.test_retention_screens import pupils_of, read, words

CHOICE = {
    "categorie": "ZRG-05",
    "aanleiding": "einde_inschrijving",
    "maximum_jaren": "2",
    "actie": "vernietigen",
    "afronding": "none",
    "grondslag": "besluit van het bestuur",
    "bron": "vergadering",
    "zekerheid": "F",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A school with papers of somebody who left a year and a half ago."""
    made = make_world(tmp_path_factory.mktemp("retention-schedule"))
    house = House(made.house, Path())
    with made.house.database.read() as session:
        pupil = session.scalars(pupils_of().limit(1)).first()
    assert pupil is not None
    enrol(house, pupil, made.today - timedelta(days=550))
    file(house, pupil, "OND-03", day=date(2020, 1, 1), count=3)
    file(house, pupil, "ZRG-05", day=date(2020, 1, 1))
    yield made
    made.house.close()


def post(client: FlaskClient, address: str, **form: str) -> TestResponse:
    """Send a form of the person."""
    return client.post(address, data={"csrf_token": token(client, "/"), **form})


def try_file(client: FlaskClient, text: bytes, **fields: str) -> TestResponse:
    """Send a file with rules, as the page does: fields first."""
    data = {"csrf_token": token(client, "/"), **fields, "bestand": (BytesIO(text), "regels.csv")}
    return client.post("/bewaren/schema/wat-als", data=data, content_type="multipart/form-data")


def test_everybody_reads_the_schedule_with_its_grounds(world: World) -> None:
    text = read(world.client("bram"), "/bewaren/schema")
    assert "Bewaarschema, versie 1" in text
    assert "5 jaar na einde van de inschrijving" in text
    assert "28 dagen" in text
    assert "controleer met uw FG" in text
    assert "geblokkeerd" in text
    assert "P5Y" not in text
    assert "P2Y" not in text
    assert "Wijzig de regel" not in text
    only = read(world.client("bram"), "/bewaren/schema?toon=geblokkeerd")
    assert "ZRG-05" in only
    assert "OND-03" not in only
    assert "OND-03" in read(world.client("bram"), "/bewaren/schema?q=toetsen")


def test_a_rule_is_tried_before_it_is_written(world: World) -> None:
    client = world.client("femke")
    form = {**CHOICE, "categorie": "OND-03", "maximum_jaren": "1"}
    text = words(post(client, "/bewaren/schema/concept/regel", doe="kijk", **form).get_data(as_text=True))
    assert "3 stukken krijgen een andere dag" in text
    assert "Conflict 3" in text
    longer = {**form, "maximum_jaren": "3"}
    text = words(post(client, "/bewaren/schema/concept/regel", doe="kijk", **longer).get_data(as_text=True))
    assert "Later weg 3" in text
    assert world.house.retention.schedules.draft(world.by("femke"), "99XX") is None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"maximum_jaren": "1", "minimum_jaren": "2"}, "Het maximum is korter dan het minimum"),
        ({"maximum_jaren": "veel"}, "Schrijf een heel getal van 0 tot 150."),
        ({"maximum_jaren": ""}, "of een regel die vernietigt heeft nog geen termijn"),
        ({"grondslag": ""}, "Schrijf op waarop de termijn berust"),
        ({"aanleiding": ""}, "Kies waar de termijn mee begint"),
        ({"actie": "weggooien"}, "Kies wat er na de termijn gebeurt."),
    ],
)
def test_a_rule_that_cannot_be_comes_back_with_what_was_typed(world: World, wrong: dict[str, str], told: str) -> None:
    answer = post(world.client("femke"), "/bewaren/schema/concept/regel", **{**CHOICE, "versie": "0", **wrong})
    assert answer.status_code == 400
    html = answer.get_data(as_text=True)
    assert told in words(html)
    assert "vergadering" in html


def test_one_writes_another_adopts(world: World) -> None:
    femke, dirk = world.client("femke"), world.client("dirk")
    assert post(femke, "/bewaren/schema/concept/regel", versie="0", **CHOICE).status_code == 303
    assert post(femke, "/bewaren/schema/concept/regel", versie="0", **CHOICE).status_code == 409, "somebody was first"
    draft = read(femke, "/bewaren/schema/concept")
    assert "Dit doet iemand anders dan wie meeschreef" in draft
    assert "Krijgt een dag 1" in read(femke, "/bewaren/schema/wat-als")
    version = str(world.house.retention.schedules.draft(world.by("femke"), "99XX").row_version)  # type: ignore[union-attr]
    assert post(femke, "/bewaren/schema/concept/vaststellen", versie=version, reden="besluit").status_code == 403
    assert "Een concept van het bewaarschema wacht op u" in read(dirk, "/bewaren")
    assert "Een concept van het bewaarschema wacht op u" not in read(femke, "/bewaren")
    assert post(dirk, "/bewaren/schema/concept/regel", versie=version, **CHOICE).status_code == 403
    short = post(dirk, "/bewaren/schema/concept/vaststellen", versie=version, reden="x")
    assert short.status_code == 400
    assert "Er is een reden nodig" in words(short.get_data(as_text=True))
    done = post(dirk, "/bewaren/schema/concept/vaststellen", versie=version, reden="Bestuursbesluit 12.")
    assert done.status_code == 303
    text = read(dirk, "/bewaren/schema")
    assert "Bewaarschema, versie 2" in text
    assert "Bestuursbesluit 12." in text
    assert world.people["dirk"].name in text
    assert "versie 1" in read(dirk, "/bewaren/schema/versies")
    assert "Termijn geen termijn → hoogstens 2 jaar" in read(dirk, "/bewaren/schema/versies/2")
    assert "oudere of bewaarde versie" in read(dirk, "/bewaren/schema/versies/1")
    assert "oudere of bewaarde versie" not in read(dirk, "/bewaren/schema/versies/2"), "it counts now"
    assert read(dirk, "/bewaren").count("De termijnen worden opnieuw geteld") == 1
    assert "2 jaar" in words(
        world.client("gijs").get(_category(world, "ZRG-05"), follow_redirects=True).get_data(as_text=True)
    )


def _category(world: World, code: str) -> str:
    rows = world.house.administration.categories.list(world.by("gijs"), world.people["gijs"].schools[0].board_id)
    return f"/beheer/categorieen/{next(x.id for x in rows if x.code == code)}"


def test_a_draft_can_be_thrown_away(world: World) -> None:
    client = world.client("femke")
    rule = {**CHOICE, "categorie": "OND-05", "maximum_jaren": "4"}
    assert post(client, "/bewaren/schema/concept/regel", versie="0", **rule).status_code == 303
    assert "hoogstens 2 jaar → hoogstens 4 jaar" in read(client, "/bewaren/schema/concept")
    version = str(world.house.retention.schedules.draft(world.by("femke"), "99XX").row_version)  # type: ignore[union-attr]
    assert post(client, "/bewaren/schema/concept/weg", versie=version).status_code == 303
    assert "Er is geen concept." in read(client, "/bewaren/schema/concept")


def test_a_file_is_tried_and_put_in_a_draft(world: World) -> None:
    client = world.client("femke")
    download = client.get("/bewaren/schema/bestand")
    assert download.mimetype == "text/csv"
    same = words(try_file(client, download.data, heel="1").get_data(as_text=True))
    assert "De regels zijn gelijk aan die van nu." in same, "what was downloaded is what counts"
    longer = download.data.replace(b"\r\nOND-03;einde_inschrijving;;P2Y", b"\r\nOND-03;einde_inschrijving;;P9Y")
    assert longer != download.data
    assert "Later weg 3" in words(try_file(client, longer).get_data(as_text=True))
    assert world.house.retention.schedules.draft(world.by("femke"), "99XX") is None
    put = try_file(client, longer, doe="concept", versie="0", heel="1")
    assert put.status_code == 303
    assert "hoogstens 2 jaar → hoogstens 9 jaar" in read(client, "/bewaren/schema/concept")
    draft = world.house.retention.schedules.draft(world.by("femke"), "99XX")
    assert draft is not None
    assert draft.changed == ("OND-03",)
    assert next(x for x in draft.rules if x.category == "OND-03").maximum == Term(months=108)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Dit bestand heeft geen regels"),
        (b"code;maximum\nOND-03;twee jaar\n", "Regel OND-03 van het schema klopt niet"),
        (b'code;maximum\n"' + b"x" * 200_000 + b'";P2Y\n', "Dit is geen CSV-bestand"),
        (b"x" * 600_000, "Dit bestand is te groot voor een schema"),
    ],
)
def test_a_file_that_is_none_is_refused(world: World, data: bytes, told: str) -> None:
    answer = try_file(world.client("femke"), data)
    assert answer.status_code == 400
    assert told in words(answer.get_data(as_text=True))


def test_a_forged_file_is_refused(world: World) -> None:
    data = {"csrf_token": "verzonnen", "bestand": (BytesIO(b"code\nOND-03\n"), "regels.csv")}
    answer = world.client("femke").post("/bewaren/schema/wat-als", data=data, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "Het formulier stond te lang open" in answer.get_data(as_text=True)
