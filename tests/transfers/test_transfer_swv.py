"""A package to a samenwerkingsverband from composing to opening: of no number a byte, wherever it stood."""

import io
import zipfile
from uuid import UUID

import pypdf
import pytest
from sqlalchemy import select

from dms.db.tables import PupilRow, RedactionRow, RenditionRow
from dms.kernel.errors import Conflict
from dms.model.transfers import SentBy, TransferKind, Viewer
from dms.services.national_numbers import own_numbers
from dms.services.transfers.shapes import Answer
from dms.wire.transfer_package import open_package
from ingest.rules.numbers_found import digits_left
from tests.formats import making
from tests.redaction.papers import BSN, pdf, with_file
from tests.transfers.transfer_world import TransferWorld


def _own(world: TransferWorld) -> str:
    with world.app.database.read() as session:
        return own_numbers(world.app.vault, session.get_one(PupilRow, world.pupil("Joris")))[0]


def _every_text(data: bytes) -> str:
    """All bytes of a package as text: of its files as they are, and of PDFs also every stream, unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        files = {x: whole.read(x) for x in whole.namelist()}
    texts = [" ".join(files), data.decode("latin-1"), *(x.decode("utf-8", "replace") for x in files.values())]
    for reader in (pypdf.PdfReader(io.BytesIO(x)) for name, x in files.items() if name.endswith(".pdf")):
        texts += [x.extract_text() for x in reader.pages] + [str(reader.metadata)]
        for number in reader.xref[0]:
            thing = reader.get_object(number)
            if isinstance(thing, pypdf.generic.StreamObject) and thing.get("/Subtype") != "/Image":
                texts.append(thing.get_data().decode("latin-1"))
    return "\n".join(texts)


@pytest.mark.slow
def test_what_goes_to_a_samenwerkingsverband_holds_no_number_in_any_byte(world: TransferWorld) -> None:
    joris, own, app = world.pupil("Joris"), _own(world), world.app
    carla, hanna, ivo = (world.house.by(x) for x in ("carla", "hanna", "ivo"))
    dotted = f"{own[:4]}.{own[4:6]}.{own[6:]}"
    lines = ["Verslag over de ondersteuning van deze leerling", f"Burgerservicenummer: {dotted}", f"BSN broer {BSN}"]
    letter = world.paper(
        joris, "ZRG-03", f"Plan Joris{own}", pdf(lines, title=own), name=f"plan {BSN}.pdf", fields={"periode": own}
    )
    clean = world.paper(joris, "ZRG-03", "Verslag zonder nummer", pdf(["Een gesprek over lezen en rekenen"]))
    mail = making.mail(text="Een bericht over de hulp die nodig is op school.").replace(
        b"Message-ID", f"X-Leerling: {own}\nMessage-ID".encode()
    )
    post = world.paper(joris, "ZRG-03", "Bericht", mail, name="bericht.eml", media_type="message/rfc822")
    outer = with_file(pdf(["Een plan met een lijst erbij"]), "lijst.csv", f"naam;bsn\nJoris;{own}".encode())
    listed = world.paper(joris, "ZRG-03", "Plan met een lijst", outer)
    package = app.transfers.composing.compose(
        carla, joris, world.order(TransferKind.POSWV, to="77SV", advice=f"Extra hulp, zie {dotted}")
    )
    app.transfers.composing.choose(carla, package, [letter, clean, post, listed])
    app.worker().work_until_empty()
    shown = {x.document_id: x for x in world.view(package, "carla").papers if x.included}
    assert (shown[letter].redaction, shown[letter].numbers > 1) == ("to_review", True), "the hits are told"
    assert shown[clean].redaction == "found_nothing"
    assert (shown[post].redaction, shown[post].numbers) == ("to_review", 0), "a mail holds more than its pages show"
    assert (shown[listed].redaction, shown[listed].numbers) == ("to_review", 1), "also in a file within the file"
    copy = shown[letter].redaction_id
    assert copy is not None
    with pytest.raises(Conflict) as fault:
        app.transfers.composing.freeze(carla, package)
    assert fault.value.code == "not_redacted"
    for one in (copy, shown[post].redaction_id, shown[listed].redaction_id):
        assert one is not None
        app.redaction.confirm(carla, one, app.redaction.open(carla, one).row_version)
    app.worker().work_until_empty()
    app.transfers.composing.freeze(carla, package)
    _made_anew_is_another_file(world, package, copy, clean)

    seen = app.transfers.inspecting.show(hanna, package)
    number = next(x.number for x in seen.files if x.redacted and x.title.startswith("Plan"))
    assert digits_left(" ".join([*(x.title for x in seen.files), *(str(x) for _, x in seen.data)]), [own, BSN]) == ()
    picture = b"".join(app.transfers.inspecting.page(hanna, package, number, 1).chunks)
    assert picture.startswith(b"\xff\xd8"), "the parent sees the copy's own page"
    app.transfers.inspecting.answer(hanna, package, Answer(Viewer.CARER, None, True))
    remark = Answer(Viewer.CARER, None, False, remark=f"Zijn nummer {own} klopt niet.")
    app.transfers.inspecting.answer(ivo, package, remark)
    assert world.codes(package) == set()

    app.transfers.sending.send(carla, package, SentBy.FILE)
    data = b"".join(app.transfers.sending.give(carla, package).open())
    found = open_package(io.BytesIO(data))
    assert digits_left(_every_text(data), [own, BSN]) == ()
    titles = ["Bericht", "Plan Joris•••••••••", "Plan met een lijst", "Verslag zonder nummer"]
    assert sorted(x.title for x in found.content.documents) == titles
    assert {x.file_name for x in found.content.documents} == {"bericht.pdf", "plan •••••••••.pdf", "rapport.pdf"}
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        inner = [pypdf.PdfReader(io.BytesIO(whole.read(x))) for x in whole.namelist() if x.endswith(".pdf")]
    assert [dict(x.attachments) for x in inner] == [{}] * 4, "no file within a file goes along"
    assert {x.remark for x in found.manifest.inspections} == {"", "Zijn nummer ••••••••• klopt niet."}
    assert found.content.pupil.advice == f"Extra hulp, zie {'•' * len(dotted)}"


def _made_anew_is_another_file(world: TransferWorld, package: UUID, copy: UUID, other: UUID) -> None:
    """When the copy of a frozen package is replaced, people must look again."""
    assert "changed" not in world.codes(package)
    with world.app.database.begin() as uow:
        row = uow.session.get_one(RedactionRow, copy)
        kept = row.rendition_id
        row.rendition_id = uow.session.scalars(select(RenditionRow.id).where(RenditionRow.document_id == other)).first()
    assert "changed" in world.codes(package)
    with world.app.database.begin() as uow:
        uow.session.get_one(RedactionRow, copy).rendition_id = kept
