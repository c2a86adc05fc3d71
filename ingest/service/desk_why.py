"""Why this suggestion: what was found on the paper, in words for who decides."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from ingest.rules.quoted import tidy
from ingest.rules.text import fold_name
from ingest.service.source_hints import ARCHIVE, CHOSEN, COVER, LINK, SENDER

LABELS = {
    "number": N_("leerlingnummer %(text)s"),
    "bsn": N_("burgerservicenummer"),
    "full_name": N_("naam %(text)s"),
    "initials_name": N_("naam %(text)s"),
    "surname": N_("achternaam %(text)s"),
    "given_name": N_("roepnaam %(text)s"),
    "birth_date": N_("geboortedatum %(text)s"),
    "group": N_("groep %(text)s"),
    "carer": N_("naam van een verzorger"),
    ARCHIVE: N_("volgens de map of het overzicht in het archief"),
    COVER: N_("volgens het voorblad"),
    CHOSEN: N_("gekozen bij het insturen"),
    SENDER: N_("volgens de regel voor deze afzender"),
    LINK: N_("volgens de deellink"),
}
_LABELLED = re.compile(
    r"\b(?:achternaam|voorna(?:am|men)|roepna(?:am|men)|doopnamen|tussenvoegsels?|naam)\b\s*:?", re.I
)
"""The words of a form between the parts of a name: `de Groot Voornamen: Mirthe`."""
_PARTS = frozenset({"surname", "given_name"})
_WHOLE = frozenset({"full_name", "initials_name"})


def why_pupil(evidence: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """What speaks for a pupil, each thing once: a surname or given name that stands in a name told already is no
    second reason.
    """
    told: list[Reason] = []
    names = [fold_name(str(x.get("text", ""))) for x in evidence if x["kind"] in _WHOLE]
    for one in evidence:
        kind, text = str(one["kind"]), tidy(str(one.get("text", "")))
        if kind in _WHOLE:
            text = " ".join(_LABELLED.sub(" ", text).split())
        if kind not in LABELS:
            continue
        if kind in _PARTS and any(f" {fold_name(text)} " in f" {name} " for name in names):
            continue
        reason = Reason(kind, LABELS[kind], {"text": text})
        if reason not in told:
            told.append(reason)
    return tuple(told)


def why_category(evidence: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The words of the paper that speak for a category, each once whatever its capitals, as they stand there."""
    told: dict[str, str] = {}
    for one in evidence:
        text = tidy(str(one.get("text", "")))
        if text:
            told.setdefault(text.casefold(), text)
    return tuple(told.values())
