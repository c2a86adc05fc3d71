"""From a file to a dossier: sending, following, deciding at the desk, and what is refused."""

import io
import re
from uuid import UUID

import pytest

from dms.demo.hostile import hostile_files
from dms.model.documents import Desk, ItemState, Rendition
from dms.services.shapes import ItemView
from ingest.rules.kinds import EXTENSIONS, MEDIA_TYPES, FileKind
from tests.web.screen_world import BRIN, World, letter, token


def item(world: World, name: str) -> ItemView:
    """What Anouk sees of the newest file with this name."""
    return next(x for x in world.house.status.recent(world.by("anouk"), BRIN) if x.name == name)


def original(world: World, document_id: UUID) -> bytes:
    """The bytes that are kept."""
    return b"".join(world.house.documents.content(world.by("anouk"), document_id, Rendition.ORIGINAL).chunks)


def test_a_script_sends_one_file_as_the_body(world: World) -> None:
    client = world.client("anouk")
    data = letter(world.demo, "leave request", world.pupil(2), world.today, seed=11)
    headers = {
        "X-CSRFToken": token(client, "/inname"),
        "X-Requested-With": "fetch",
        "X-File-Name": "verlof%20van%20%C3%89lif.pdf",
    }
    address = "/inname/bestand"
    refused = client.post(address, data=data, content_type="application/octet-stream")
    assert refused.status_code == 400
    answer = client.post(address, data=data, content_type="application/octet-stream", headers=headers)
    assert answer.status_code == 202
    name = "verlof van Élif.pdf"
    waiting = client.get("/inname/lijst").get_data(as_text=True)
    row = waiting.partition(name)[0].rpartition("<li")[2]
    assert 'data-state="waiting"' in row
    assert "data-busy" in row
    world.work()
    done = client.get(f"/inname/{answer.json['intake_id']}").get_data(as_text=True)
    assert "data-busy" not in done
    assert 'data-state="filed"' in done
    filed = item(world, name)
    assert f"/documenten/{filed.document_id}" in done
    assert original(world, filed.document_id) == data


def test_the_file_chooser_offers_every_kind_that_can_come_in(world: World) -> None:
    """Also Word, mail and photos of telephones: a chooser greys out what is not named."""
    page = world.client("anouk").get("/inname").get_data(as_text=True)
    offered = re.search(r'accept="([^"]+)"', page)
    assert offered is not None
    words = offered[1].split(",")
    for kind in FileKind:
        assert MEDIA_TYPES[kind] in words
        assert any(f".{name}" in words for name, found in EXTENSIONS.items() if found is kind), kind


def test_a_plain_form_sends_many_files_without_a_script(world: World) -> None:
    client = world.client("anouk")
    files = {
        f"zonder script {n}.pdf": letter(world.demo, "photo consent", world.pupil(n), world.today, seed=20 + n)
        for n in (3, 4)
    }
    answer = client.post(
        "/inname",
        data={
            "csrf_token": token(client, "/inname"),
            "file": [(io.BytesIO(data), name) for name, data in files.items()],
        },
    )
    assert answer.status_code == 303
    page = client.get(answer.location).get_data(as_text=True)
    assert '<noscript><meta http-equiv="refresh"' in page
    assert all(name in page for name in files)
    world.work()
    assert "http-equiv" not in client.get(answer.location).get_data(as_text=True)
    for name, data in files.items():
        kept = item(world, name)
        assert kept.state is ItemState.FILED
        assert original(world, kept.document_id) == data


def test_of_hundreds_what_needs_attention_stays_on_the_list(world: World) -> None:
    world.send("anouk", [("kapot voor de lijst.pdf", b"geen pdf")])
    world.work()
    world.send("anouk", [(f"rest {nth}.pdf", b"zomaar wat") for nth in range(3)])  # newer, and not read yet
    by, recent = world.by("anouk"), world.house.status.recent
    assert "kapot voor de lijst.pdf" not in [x.name for x in recent(by, BRIN, 3)]
    every = recent(by, BRIN, 1000, open_first=True)
    stopped = sum(x.state in {ItemState.DESK, ItemState.REFUSED, ItemState.QUARANTINED} for x in every)
    first = recent(by, BRIN, stopped, open_first=True)
    assert "kapot voor de lijst.pdf" in [x.name for x in first]
    assert [x.state is ItemState.WAITING for x in every[stopped : stopped + 3]] == [True] * 3
    assert "bestanden van deze week" not in world.client("anouk").get("/inname").get_data(as_text=True)
    world.work()


def test_a_form_without_files_or_with_a_forged_token_stores_nothing(world: World) -> None:
    client = world.client("anouk")
    before = len(world.house.status.recent(world.by("anouk"), BRIN))
    good = token(client, "/inname")
    empty = client.post("/inname", data={"csrf_token": good, "file": (io.BytesIO(b""), "")})
    assert empty.status_code == 400
    forged = client.post("/inname", data={"csrf_token": good[:-3] + "aaa", "file": (io.BytesIO(b"%PDF"), "a.pdf")})
    assert forged.status_code == 400
    assert "Het formulier stond te lang open" in forged.get_data(as_text=True)
    none = client.post("/inname", data={"file": (io.BytesIO(b"%PDF"), "a.pdf")})
    assert none.status_code == 400
    assert len(world.house.status.recent(world.by("anouk"), BRIN)) == before


def test_a_body_that_is_too_large_is_refused_before_it_is_kept(world: World) -> None:
    client = world.client("anouk")
    before = len(world.house.status.recent(world.by("anouk"), BRIN))
    headers = {"X-CSRFToken": token(client, "/inname"), "X-Requested-With": "fetch", "X-File-Name": "groot.pdf"}
    answer = client.post(
        "/inname/bestand",
        input_stream=io.BytesIO(b"%PDF"),
        environ_overrides={"CONTENT_LENGTH": str(world.house.settings.limits.file_bytes + 1)},
        content_type="application/octet-stream",
        headers=headers,
    )
    assert answer.status_code == 400
    assert answer.json["code"] == "too_large"
    assert answer.json["message"] == "Het bestand is groter dan 200 MB."
    assert len(world.house.status.recent(world.by("anouk"), BRIN)) == before


def test_a_body_that_stops_half_way_is_not_kept(world: World) -> None:
    client = world.client("anouk")
    before = len(world.house.status.recent(world.by("anouk"), BRIN))
    answer = client.post(
        "/inname/bestand",
        input_stream=io.BytesIO(b"%PDF-1.7"),
        environ_overrides={"CONTENT_LENGTH": "5000"},
        content_type="application/octet-stream",
        headers={"X-CSRFToken": token(client, "/inname"), "X-Requested-With": "fetch", "X-File-Name": "half.pdf"},
    )
    assert answer.status_code == 400
    assert len(world.house.status.recent(world.by("anouk"), BRIN)) == before


def test_every_refused_file_shows_its_own_reason(world: World) -> None:
    client = world.client("anouk")
    pages = [client.get(x).get_data(as_text=True) for x in ("/inname", "/geweigerd")]
    told = {}
    for one in hostile_files():
        seen = item(world, one.name)
        assert seen.state in {ItemState.REFUSED, ItemState.QUARANTINED}, one.name
        for page in pages:
            row = page.partition(f'data-key="{seen.item_id}"')[2].partition("</li>")[0]
            assert one.name in row
            texts = [re.sub(r"<[^>]+>", "", x).strip() for x in re.findall(r"<p[^>]*>(.*?)</p>", row, re.S)]
            assert len(texts) >= 3, (one.name, texts)  # the name, the reason, when
            assert "%(" not in row
            told[one.kind] = texts[1]
    assert len(set(told.values())) == len(told), told
    assert {"not-a-pdf", "empty", "encrypted", "no-pages", "huge-image"} <= told.keys()


def test_a_refused_file_can_be_read_again(world: World) -> None:
    client = world.client("anouk")
    seen = item(world, "leeg.pdf")
    answer = client.post(f"/geweigerd/{seen.item_id}/opnieuw", data={"csrf_token": token(client, "/geweigerd")})
    assert answer.status_code == 303
    assert item(world, "leeg.pdf").state is ItemState.WAITING
    assert "wordt opnieuw gelezen" in client.get("/geweigerd").get_data(as_text=True)
    world.work()
    assert item(world, "leeg.pdf").state is ItemState.REFUSED


def waiting(world: World, kind: str, name: str, seed: int = 1) -> ItemView:
    """A fresh item at the ordinary desk."""
    world.send("anouk", [(name, letter(world.demo, kind, world.pupil(seed), world.today, seed=seed + 40))])
    world.work()
    seen = item(world, name)
    assert seen.state is ItemState.DESK, seen.reason
    return seen


def form_of(page: str) -> dict[str, str]:
    """The fields of the form that files, as a browser would send them back."""
    form = page.partition('data-picker="')[0].rpartition("<form")[2] + page.partition('data-picker="')[2]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    for name in ("datum", "titel"):
        found = re.search(rf'<input id="{name}"[^>]*value="([^"]*)"', page)
        fields[name] = found[1] if found else ""
    chosen = re.search(r'<option value="([^"]+)" selected', page)
    fields["categorie"] = chosen[1] if chosen else ""
    return fields


@pytest.mark.slow
def test_at_the_desk_one_files_and_goes_on_to_the_next(world: World) -> None:
    first = waiting(world, "newsletter", "nieuwsbrief een.pdf", 1)
    second = waiting(world, "newsletter", "nieuwsbrief twee.pdf", 2)
    client = world.client("anouk")
    listed = client.get("/postbak").get_data(as_text=True)
    assert f"/postbak/{first.item_id}" in listed
    address = f"/postbak/{first.item_id}"
    page = client.get(address).get_data(as_text=True)
    assert f"{address}/bladzijde/1" in page
    image = client.get(f"{address}/bladzijde/1")
    assert image.mimetype in {"image/jpeg", "image/png"}
    assert image.headers["Cache-Control"] == "no-store"
    pupil = world.house.pupils.list(world.by("anouk"), BRIN, text=world.pupil(1).number).rows[0]
    fields = {**form_of(page), "categorie": "GES-01", "doe": "opbergen"}
    none = client.post(address, data=fields)
    assert none.status_code == 400
    assert "Er is nog geen leerling gekozen." in none.get_data(as_text=True)
    answer = client.post(address, data={**fields, "leerling": str(pupil.id), "datum": "3-9-2026", "titel": "Nieuws"})
    assert answer.status_code == 303
    assert re.fullmatch(r"/postbak/[0-9a-f-]{36}", answer.location)
    assert answer.location != address
    filed = item(world, "nieuwsbrief een.pdf")
    assert filed.state is ItemState.FILED
    shown = client.get(answer.location).get_data(as_text=True)
    assert f"/documenten/{filed.document_id}" in shown  # the message says where it went
    document = world.house.documents.show(world.by("anouk"), filed.document_id)
    assert (document.title, document.document_date.isoformat(), document.confirmed) == ("Nieuws", "2026-09-03", True)
    assert document.placements[0].pupil_id == pupil.id
    assert client.get(address).status_code == 404
    assert item(world, second.name).state is ItemState.DESK


def test_other_kinds_that_it_may_be_are_chips_beside_the_list(world: World) -> None:
    """The best first, each with how sure it is; without scripts the list alone is there, with the same suggestions."""
    text = (
        f"Leerling {world.pupil(1).number}. Het kind werkt rustig en vraagt hulp als het nodig is. "
        "Bij rekenen kijkt het veel naar de buren."
    )
    world.send("anouk", [("kort.txt", text.encode())])
    world.work()
    page = world.client("anouk").get(f"/postbak/{item(world, 'kort.txt').item_id}").get_data(as_text=True)
    chips = page.partition("data-picks")[2].partition("</div>")[0]
    picked = re.findall(r'value="([A-Z]{3}-\d\d)" aria-pressed="(true|false)"', chips)
    listed = re.findall(r'<option value="([^"]+)"', page.partition("<optgroup")[2].partition("</optgroup>")[0])
    assert 2 <= len(picked) <= 3
    assert [code for code, _ in picked] == listed[: len(picked)]
    assert "hidden" in chips.partition(">")[0]


def test_searching_a_pupil_without_a_script_keeps_what_was_typed(world: World) -> None:
    seen = waiting(world, "newsletter", "nieuwsbrief drie.pdf", 3)
    client = world.client("anouk")
    address = f"/postbak/{seen.item_id}"
    fields = {**form_of(client.get(address).get_data(as_text=True)), "titel": "Mijn titel", "categorie": "OND-03"}
    wanted = world.pupil(5)
    answer = client.post(address, data={**fields, "doe": "zoek", "leerling_zoek": wanted.surname})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Mijn titel" in page
    assert re.search(r'<option value="OND-03" selected', page)
    pupil = world.house.pupils.list(world.by("anouk"), BRIN, text=wanted.number).rows[0]
    assert f'value="{pupil.id}"' in page
    assert item(world, seen.name).state is ItemState.DESK


def test_two_people_at_one_item_the_second_is_told(world: World) -> None:
    seen = waiting(world, "newsletter", "nieuwsbrief vier.pdf", 4)
    client, other = world.client("anouk"), world.client("anouk")
    address = f"/postbak/{seen.item_id}"
    fields = form_of(client.get(address).get_data(as_text=True))
    theirs = form_of(other.get(address).get_data(as_text=True))
    gone = other.post(f"{address}/weg", data={**theirs, "reden": "worthless"})
    assert gone.status_code == 303
    late = client.post(address, data={**fields, "leerling": str(UUID(int=1)), "categorie": "GES-01"})
    assert (late.status_code, late.location) == (303, "/")
    assert "een collega was u voor" in client.get("/").get_data(as_text=True)
    assert client.get(address).status_code == 404
    assert item(world, seen.name).state is ItemState.DISCARDED


def test_not_for_a_dossier_needs_a_reason_from_the_list(world: World) -> None:
    seen = waiting(world, "newsletter", "nieuwsbrief vijf.pdf", 0)
    client = world.client("anouk")
    fields = form_of(client.get(f"/postbak/{seen.item_id}").get_data(as_text=True))
    for reason in ("", "omdat Joris dat zei"):
        assert client.post(f"/postbak/{seen.item_id}/weg", data={**fields, "reden": reason}).status_code == 400
    assert item(world, seen.name).state is ItemState.DESK


def test_what_is_for_the_care_desk_is_only_said_to_be_there(world: World) -> None:
    care = list(world.house.desk.waiting(world.by("carla"), BRIN, Desk.CARE))
    if not care:
        world.send("anouk", [("zorg.pdf", letter(world.demo, "unknown child", world.pupil(6), world.today))])
        world.work()
        care = list(world.house.desk.waiting(world.by("carla"), BRIN, Desk.CARE))
    assert care
    assert world.house.desk_room.queue.desk_of(world.by("carla"), care[0].item_id) is Desk.CARE
    anouk = world.client("anouk")
    assert anouk.get("/zorgpostbak").status_code == 404
    for one in care:
        assert anouk.get(f"/postbak/{one.item_id}").status_code == 404
        assert str(one.item_id) not in anouk.get("/postbak").get_data(as_text=True)
    carla = world.client("carla").get("/zorgpostbak").get_data(as_text=True)
    assert all(str(x.item_id) in carla for x in care)
    assert "alleen het zorgteam" in carla


@pytest.mark.parametrize("typed", ["31-2-2026", "gisteren", "2026-13-01", "3 sep"])
def test_a_date_that_is_none_is_said_and_nothing_is_lost(world: World, typed: str) -> None:
    pupil = world.house.pupils.list(world.by("anouk"), BRIN).rows[0]
    seen = next(x for x in world.house.desk.waiting(world.by("anouk"), BRIN, Desk.ORDINARY))
    client = world.client("anouk")
    address = f"/postbak/{seen.item_id}"
    fields = form_of(client.get(address).get_data(as_text=True))
    answer = client.post(
        address, data={**fields, "leerling": str(pupil.id), "categorie": "GES-01", "datum": typed, "titel": "Blijft"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Dit is geen datum." in page
    assert "Blijft" in page
