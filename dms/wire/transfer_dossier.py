"""`dossier.xml` of a transfer package: written and read back. Own namespace, element names as in OSO, ISO dates, gender
in words. No birthplace and no nationality: these may not go along (OSO gegevensset). Text keeps its meaning, not its
outer spaces; signs that XML does not know are left out.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID
from xml.etree import ElementTree as ET

from dms.model.transfer_package import (
    PackageCarer,
    PackageContent,
    PackageDocument,
    PackagePlace,
    PackagePupil,
    SchoolStay,
)
from dms.model.transfers import TransferKind
from dms.wire.transfer_tree import Element, bad_xml, read_tree

NAMESPACE = "urn:dossierkluis:overstapdossier:1"
ROOT = "overstapdossier"
NO_OSO = "Dit is geen OSO-uitwisseling en voldoet niet aan de OSO-afspraken."
YES, NO = "true", "false"
GENDERS = frozenset({"man", "vrouw", "onbekend"})

_UNKNOWN_TO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_dossier(content: PackageContent) -> bytes:
    """The XML, UTF-8; the same content gives the same bytes."""
    root = ET.Element(ROOT, {"xmlns": NAMESPACE, "versie": "1"})
    meta = _group(
        root,
        "metadata",
        {
            "pakketid": str(content.package_id),
            "overstap": content.kind.value,
            "bevrorenop": content.frozen_at.isoformat(),
            "toelichting": NO_OSO,
        },
    )
    meta.set("formaat", "dossierkluis")
    _place(root, "huidigeschool", content.sender)
    _place(root, "nieuweschool", content.receiver)
    _pupil(root, content.pupil)
    for carer in content.carers:
        _carer(root, carer)
    papers = ET.SubElement(root, "overigdocumentlijst")
    for document in content.documents:
        _document(papers, document)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def read_dossier(chunks: Iterable[bytes]) -> PackageContent:
    """The content back. Raises BadInput for what is no `dossier.xml` of ours, or lacks what it must have."""
    root = read_tree(chunks)
    if root.name != ROOT or root.attributes.get("xmlns") != NAMESPACE:
        raise bad_xml("xml_other")
    try:
        meta, pupil = _needed(root, "metadata"), _needed(root, "leerling")
        return PackageContent(
            package_id=UUID(meta.say("pakketid")),
            kind=TransferKind(meta.say("overstap")),
            frozen_at=datetime.fromisoformat(meta.say("bevrorenop")),
            sender=_read_place(_needed(root, "huidigeschool")),
            receiver=_read_place(_needed(root, "nieuweschool")),
            pupil=_read_pupil(pupil),
            carers=tuple(_read_carer(x) for x in root.all("verzorger")),
            documents=tuple(_read_document(x) for x in _needed(root, "overigdocumentlijst").all("document")),
        )
    except ValueError:  # its text may quote the file: not chained
        raise bad_xml("xml_values") from None


def _group(parent: ET.Element, name: str, values: Mapping[str, str]) -> ET.Element:
    one = ET.SubElement(parent, name)
    for key, value in values.items():
        text = _UNKNOWN_TO_XML.sub("", value)
        if text:
            ET.SubElement(one, key).text = text
    return one


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _place(root: ET.Element, name: str, place: PackagePlace) -> None:
    _group(root, name, {"naam": place.name, "brincode": place.brin, "vestigingscode": place.site})


def _pupil(root: ET.Element, pupil: PackagePupil) -> None:
    one = _group(
        root,
        "leerling",
        {
            "leerlingid": pupil.number,
            "roepnaam": pupil.given_name,
            "voornamen": pupil.first_names,
            "voorletters": pupil.initials,
            "voorvoegsel": pupil.prefix,
            "achternaam": pupil.surname,
            "geboortedatum": _day(pupil.birth_date),
            "geboortedatumdeels": pupil.birth_date_partial,
            "geslacht": pupil.gender,
            "adresgeheim": YES if pupil.address_secret else NO,
            "emailadres": pupil.email,
            "bsn": pupil.bsn,
            "onderwijsnummer": pupil.education_number,
            "datuminschrijving": _day(pupil.enrolled_since),
            "datumuitschrijving": _day(pupil.enrolled_until),
            "overstapadvies": pupil.advice,
        },
    )
    course = ET.SubElement(one, "schoolloopbaan")
    for stay in pupil.stays:
        _group(
            course,
            "periode",
            {
                "schooljaar": stay.school_year,
                "groepsnaam": stay.group,
                "jaargroep": stay.year_level,
                "begindatum": _day(stay.since),
                "einddatum": _day(stay.until),
                "brincode": stay.brin,
                "vestigingscode": stay.site,
            },
        )


def _carer(root: ET.Element, carer: PackageCarer) -> None:
    _group(
        root,
        "verzorger",
        {
            "naam": carer.name,
            "relatietotkind": carer.relation,
            "wettigevertegenwoordiger": YES if carer.legal_representative else NO,
            "adresgeheim": YES if carer.address_secret else NO,
            "emailadres": carer.email,
            "telefoon": carer.phone,
            "straat": carer.street,
            "postcode": carer.postcode,
            "plaats": carer.town,
        },
    )


def _document(papers: ET.Element, document: PackageDocument) -> None:
    one = _group(
        papers,
        "document",
        {
            "bestand": document.path,
            "documentid": str(document.document_id),
            "bestandsnaam": document.file_name,
            "soort": document.media_type,
            "omschrijving": document.title,
            "categorie": document.category,
            "categorienaam": document.category_name,
            "datum": _day(document.document_date),
            "onleesbaargemaakt": YES if document.redacted else NO,
        },
    )
    for name, value in sorted(document.fields.items()):
        ET.SubElement(one, "kenmerk", {"naam": name}).text = _UNKNOWN_TO_XML.sub("", value)


def _needed(root: Element, name: str) -> Element:
    found = root.first(name)
    if found is None:
        raise bad_xml("xml_values")
    return found


def _read_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read_yes(text: str) -> bool:
    if text not in (YES, NO):
        raise ValueError
    return text == YES


def _read_place(one: Element) -> PackagePlace:
    brin = one.say("brincode")
    if not brin or len(brin) > 4:
        raise ValueError
    return PackagePlace(brin, one.say("vestigingscode"), one.say("naam"))


def _read_pupil(one: Element) -> PackagePupil:
    gender = one.say("geslacht") or "onbekend"
    if gender not in GENDERS:
        raise ValueError
    course = one.first("schoolloopbaan")
    return PackagePupil(
        number=one.say("leerlingid"),
        given_name=one.say("roepnaam"),
        first_names=one.say("voornamen"),
        initials=one.say("voorletters"),
        prefix=one.say("voorvoegsel"),
        surname=one.say("achternaam"),
        birth_date=_read_day(one.say("geboortedatum")),
        birth_date_partial=one.say("geboortedatumdeels"),
        gender=gender,
        address_secret=_read_yes(one.say("adresgeheim")),
        email=one.say("emailadres"),
        bsn=one.say("bsn"),
        education_number=one.say("onderwijsnummer"),
        enrolled_since=_read_day(one.say("datuminschrijving")),
        enrolled_until=_read_day(one.say("datumuitschrijving")),
        advice=one.say("overstapadvies"),
        stays=tuple(_read_stay(x) for x in course.all("periode")) if course is not None else (),
    )


def _read_stay(one: Element) -> SchoolStay:
    return SchoolStay(
        one.say("schooljaar"),
        one.say("groepsnaam"),
        one.say("jaargroep"),
        _read_day(one.say("begindatum")),
        _read_day(one.say("einddatum")),
        one.say("brincode"),
        one.say("vestigingscode"),
    )


def _read_carer(one: Element) -> PackageCarer:
    return PackageCarer(
        name=one.say("naam"),
        relation=one.say("relatietotkind"),
        legal_representative=_read_yes(one.say("wettigevertegenwoordiger")),
        address_secret=_read_yes(one.say("adresgeheim")),
        email=one.say("emailadres"),
        phone=one.say("telefoon"),
        street=one.say("straat"),
        postcode=one.say("postcode"),
        town=one.say("plaats"),
    )


def _read_document(one: Element) -> PackageDocument:
    return PackageDocument(
        path=one.say("bestand"),
        document_id=UUID(one.say("documentid")),
        file_name=one.say("bestandsnaam"),
        media_type=one.say("soort"),
        title=one.say("omschrijving"),
        category=one.say("categorie"),
        category_name=one.say("categorienaam"),
        document_date=_read_day(one.say("datum")),
        fields={x.attributes.get("naam", ""): x.text for x in one.all("kenmerk")},
        redacted=_read_yes(one.say("onleesbaargemaakt")),
    )
