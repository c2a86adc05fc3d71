"""The consequences of a disposal list as pages tell them: headings, sentences, and the lines that are named."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import url_for

from dms.kernel.text import N_
from dms.web.presenters.disposal import told
from dms.web.texts import day, number, reason, say, say_many
from retention.service.consequences import Consequences, ProofOf

PROOFS = {
    ProofOf.AUTHORITY: (
        N_("%(num)d document bewijst het gezag van een ouder. Leg eerst ander bewijs vast."),
        N_("%(num)d documenten bewijzen het gezag van een ouder. Leg eerst ander bewijs vast."),
    ),
    ProofOf.SIGNATURE: (
        N_("%(num)d document is het bewijs van een handtekening op papier, terwijl het plan zelf blijft."),
        N_("%(num)d documenten zijn het bewijs van een handtekening op papier, terwijl het plan zelf blijft."),
    ),
    ProofOf.INSPECTION: (
        N_("%(num)d document bewijst dat een ouder of leerling een pakket voor een andere school heeft bekeken."),
        N_("%(num)d documenten bewijzen dat een ouder of leerling een pakket voor een andere school heeft bekeken."),
    ),
}


@dataclass(frozen=True, slots=True)
class Effect:
    """One consequence: its heading, a sentence, lines with an address (empty: none), and its weight."""

    heading: str
    text: str
    lines: tuple[tuple[str, str], ...]
    tone: str
    more: str = ""


def effects(found: Consequences) -> tuple[Effect, ...]:
    """The consequences in their order; each is there, also when it is none."""
    return (_shared(found), _asks(found), _evidence(found), _remains(found), _own_data(found))


def _shared(x: Consequences) -> Effect:
    going = x.shared_count - x.staying_count
    parts = []
    if x.staying_count:
        parts.append(
            say_many(
                N_("%(num)d document ligt ook in een ander dossier en blijft daar: alleen de plaats gaat weg."),
                N_("%(num)d documenten liggen ook in een ander dossier en blijven daar: alleen de plaats gaat weg."),
                x.staying_count,
            )
        )
    if going:
        parts.append(
            say_many(
                N_("%(num)d document staat op deze lijst met al zijn plaatsen: de inhoud gaat weg."),
                N_("%(num)d documenten staan op deze lijst met al hun plaatsen: de inhoud gaat weg."),
                going,
            )
        )
    lines = tuple((x.titles.get(y.document_id, ""), _document(y.document_id)) for y in x.shared)
    heading = say(N_("Gedeelde documenten"))
    return Effect(
        heading,
        " ".join(parts) or say(N_("Elk document ligt in één dossier.")),
        lines,
        "",
        _more(len(x.shared), x.shared_count),
    )


def _asks(x: Consequences) -> Effect:
    heading = say(N_("Wie het nog gebruikt"))
    if not x.ask_count:
        return Effect(heading, say(N_("Niemand heeft dit nu open, gedeeld of afgeschermd.")), (), "")
    text = say_many(
        N_("Er is %(num)d ding dat eerst moet eindigen: tot dan blijft het stuk bij de uitvoering liggen."),
        N_("Er zijn %(num)d dingen die eerst moeten eindigen: tot dan blijven die stukken bij de uitvoering liggen."),
        x.blocking_count,
    )
    if not x.blocking_count:
        text = say(N_("Niets houdt de uitvoering tegen. Kijk wel nog een keer naar deze stukken."))
    lines = tuple(
        (f"{x.titles.get(y.document_id, '')}: {reason(ask.reason)}", _document(y.document_id)) for y, ask in x.asks
    )
    return Effect(heading, text, lines, "attention", _more(len(x.asks), x.ask_count))


def _evidence(x: Consequences) -> Effect:
    heading = say(N_("Enig bewijs"))
    parts, lines = [], []
    for of, (one, more) in PROOFS.items():
        if count := x.proof_counts.get(of, 0):
            parts.append(say_many(one, more, count))
    lines += [
        (f"{x.titles.get(y.document_id, '')}, {x.pupils.get(y.pupil_id, '')}", _document(y.document_id))
        for y in x.proofs
    ]
    if x.last_count:
        parts.append(
            say_many(
                N_("In %(num)d geval verdwijnt het laatste stuk van een soort uit een dossier."),
                N_("In %(num)d gevallen verdwijnt het laatste stuk van een soort uit een dossier."),
                x.last_count,
            )
        )
        lines += [
            (f"{x.pupils.get(y.pupil_id, '')}: {x.category_names.get(y.category, y.category)}", _dossier(y.pupil_id))
            for y in x.last_of_kind
        ]
    text = " ".join(parts) or say(N_("Van elke soort blijft er iets in het dossier."))
    return Effect(
        heading,
        text,
        tuple(lines),
        "attention" if x.proof_count else "",
        _more(len(lines), x.proof_count + x.last_count),
    )


def _remains(x: Consequences) -> Effect:
    text = say_many(N_("De lijst raakt %(num)d dossier."), N_("De lijst raakt %(num)d dossiers."), x.dossier_count)
    if x.empty_count:
        text += " " + say_many(
            N_("%(num)d daarvan is daarna leeg."), N_("%(num)d daarvan zijn daarna leeg."), x.empty_count
        )
    lines = []
    for one in x.remains:
        left = ", ".join(f"{x.category_names.get(k, k)} ({number(v)})" for k, v in one.left.items())
        stays = say(N_("blijft: %(left)s"), {"left": left}) if left else say(N_("er blijft niets"))
        lines.append((f"{x.pupils.get(one.pupil_id, '')}: {stays}", _dossier(one.pupil_id)))
    return Effect(say(N_("Wat er van het dossier blijft")), text, tuple(lines), "", _more(len(lines), x.dossier_count))


def _own_data(x: Consequences) -> Effect:
    text = say(N_("Naam, BSN en ouders van een leerling vervallen zelf ook, maar nooit eerder dan het laatste stuk."))
    if x.own_data_due:
        text += " " + say_many(
            N_("Bij %(num)d leerling is dat na deze lijst zo ver."),
            N_("Bij %(num)d leerlingen is dat na deze lijst zo ver."),
            x.own_data_due,
        )
    lines = tuple(
        (f"{x.pupils.get(y.pupil_id, '')}: {_own_day(y.due_from) or told(y.reason)}", _dossier(y.pupil_id))
        for y in x.own_data
    )
    return Effect(say(N_("De gegevens van de leerling zelf")), text, lines, "")


def _own_day(value: date | None) -> str:
    return say(N_("vervallen op %(day)s"), {"day": day(value)}) if value else ""


def _more(shown: int, total: int) -> str:
    return say_many(N_("en nog %(num)d"), N_("en nog %(num)d"), total - shown) if total > shown else ""


def _document(document_id: UUID) -> str:
    return url_for("document.page", document_id=document_id)


def _dossier(pupil_id: UUID) -> str:
    return url_for("pupils.dossier", pupil_id=pupil_id)
