"""Events of the log as sentences that people read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import url_for

from dms.kernel.clock import legal_date
from dms.kernel.text import N_
from dms.model.events import EventKind
from dms.services.working_shapes import BinLine, HistoryLine, HistoryPage
from dms.web.texts import day, moment, say

SENTENCES: Mapping[EventKind, str] = {
    EventKind.DOSSIER_OPENED: N_("Het dossier is aangemaakt."),
    EventKind.DOSSIER_CLOSED: N_("Het dossier is gesloten."),
    EventKind.DOSSIER_SEEN: N_("Het dossier is bekeken."),
    EventKind.PUPIL_CREATED: N_("De leerling kwam in de lijst."),
    EventKind.PUPIL_CHANGED: N_("De gegevens van de leerling zijn gewijzigd."),
    EventKind.ITEM_PARKED: N_("Het stuk ging naar de postbak."),
    EventKind.ITEM_REFUSED: N_("Het stuk werd geweigerd."),
    EventKind.ITEM_SEEN: N_("Het stuk is in de postbak bekeken."),
    EventKind.ITEM_RETRIED: N_("Het stuk is opnieuw aangeboden."),
    EventKind.ITEM_READ_AGAIN: N_("Het stuk is opnieuw gelezen."),
    EventKind.STACK_SPLIT: N_("De stapel is verdeeld in stukken."),
    EventKind.STACK_ARRANGED: N_("De bladzijden van de stapel zijn anders verdeeld."),
    EventKind.LOOKALIKE_SEEN: N_("Het stuk is naast een ander stuk gelegd."),
    EventKind.LOOKALIKE_DECIDED: N_("Er is besloten over een stuk dat erop lijkt."),
    EventKind.DOCUMENT_FILED: N_("Opgeborgen bij %(category)s."),
    EventKind.DOCUMENT_CHANGED: N_("De kenmerken zijn gewijzigd."),
    EventKind.DOCUMENT_REPLACED: N_("Verplaatst van %(before)s naar %(category)s."),
    EventKind.DOCUMENT_CONFIRMED: N_("Bevestigd: het ligt op de juiste plaats."),
    EventKind.DOCUMENT_SEEN: N_("Bekeken."),
    EventKind.DOCUMENT_READ_AGAIN: N_("Gevraagd om opnieuw te lezen."),
    EventKind.DOCUMENT_READ: N_("Tekst en beeld zijn opnieuw gemaakt."),
    EventKind.DOCUMENT_DOWNLOADED: N_("Gedownload."),
    EventKind.DOCUMENT_PRINTED: N_("Afgedrukt."),
    EventKind.LINK_VIEWED: N_("Bekeken met een deellink."),
    EventKind.LINK_DOWNLOADED: N_("Gedownload met een deellink."),
    EventKind.DOCUMENT_SHARED: N_("Gedeeld met een deellink."),
    EventKind.DOSSIER_SHARED: N_("Een deel van het dossier is gedeeld met een deellink, ook wat er nog bij komt."),
    EventKind.DOCUMENT_PLACED: N_("Ook in een ander dossier gelegd, bij %(category)s."),
    EventKind.DOCUMENT_REMOVED: N_("In de prullenbak gedaan."),
    EventKind.DOCUMENT_RESTORED: N_("Teruggezet uit de prullenbak."),
    EventKind.DOCUMENT_UNDONE: N_("Een wijziging is ongedaan gemaakt."),
    EventKind.VERSION_RECEIVED: N_("Een nieuwe versie is gestuurd."),
    EventKind.VERSION_ADDED: N_("Versie %(version)s telt nu."),
    EventKind.VERSION_REFUSED: N_("Een nieuwe versie is geweigerd."),
}
MOVED_IN_CATEGORY = N_("Verplaatst naar een ander dossier, bij %(category)s.")


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a history. `undo` is the address that takes it back, where the reader can."""

    at: str
    text: str
    who: str
    title: str
    address: str
    undo: str


@dataclass(frozen=True, slots=True)
class HistoryDay:
    """The lines of one day."""

    day: str
    lines: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class BinRow:
    """Something in the bin."""

    key: str
    title: str
    pupil: str
    pupil_address: str
    category: str
    removed: str
    until: str
    restorable: bool


def days(page: HistoryPage, kind_words: Callable[[str], str]) -> tuple[HistoryDay, ...]:
    """The lines by day, newest first. What has no sentence of its own is called as the log calls it: `kind_words`."""
    found: dict[str, list[Happening]] = {}
    for line in page.lines:
        found.setdefault(day(legal_date(line.at)), []).append(happening(line, kind_words))
    return tuple(HistoryDay(k, tuple(v)) for k, v in found.items())


def happening(line: HistoryLine, kind_words: Callable[[str], str]) -> Happening:
    """One event as a sentence."""
    text = SENTENCES.get(line.kind, "")
    if line.kind is EventKind.DOCUMENT_REPLACED and line.category_before in ("", line.category_name):
        text = MOVED_IN_CATEGORY
    return Happening(
        at=moment(line.at).rpartition(", ")[2],
        text=say(
            text,
            {
                "category": line.category_name,
                "before": line.category_before,
                "version": line.details.get("version", ""),
            },
        )
        if text
        else f"{kind_words(line.kind.value)}.",
        who=line.who or say(N_("de dienst")),
        title=line.title,
        address=url_for("document.page", document_id=line.document_id) if line.document_id and line.title else "",
        undo=url_for("undo.undo", batch_id=line.undo) if line.undo else "",
    )


def bin_row(line: BinLine) -> BinRow:
    """One line of the bin."""
    return BinRow(
        key=str(line.placement_id),
        title=line.title,
        pupil=line.pupil_name,
        pupil_address=url_for("pupils.dossier", pupil_id=line.pupil_id),
        category=line.category_name,
        removed=" · ".join(x for x in (moment(line.removed_at), line.removed_by) if x),
        until=day(legal_date(line.restore_until)) if line.restore_until else "",
        restorable=line.restorable,
    )
