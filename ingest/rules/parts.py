"""Which files inside a mail or a ZIP become items of their own, and why the others do not. Never raises.

Nothing is left out without a line that says why. Whoever wants what was left out finds it in the file as it came, which
is kept for a term.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from ingest.rules.dossier_zip.entries import EntryFacts, EntryLimits, Skipped, Taken, refused_whole
from ingest.rules.dossier_zip.entries import judge as judge_entries
from ingest.rules.kinds import FileKind
from ingest.rules.mail_parts import judge_attachment

MEGABYTE = 1024 * 1024
DEEPEST = 3
"""A file in a mail in a mail in a ZIP comes in; deeper nests nobody sends by accident."""


@dataclass(frozen=True, slots=True)
class PartLimits:
    """How much one file may hold: how many files, bytes of one of them, bytes of all together."""

    count: int = 200
    one: int = 200 * MEGABYTE
    all: int = 600 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Found:
    """One file inside another, as a reader found it.

    `file` is its name in the job's folder, empty where it was not taken out; `fault` is then a key of `FAULTS`, or
    empty where the list of contents alone says why. `message`: it is the mail itself without what hangs on it, of
    `letters` letters. `inline` and `referenced`: meant to be seen within the mail, and really shown in it. `width` and
    `height` in pixels, of a picture. `packed`, `encrypted`, `method`, `mode`: see `EntryFacts`.
    """

    name: str
    file: str
    size: int
    media_type: str = ""
    fault: str = ""
    message: bool = False
    letters: int = 0
    inline: bool = False
    referenced: bool = False
    width: int | None = None
    height: int | None = None
    packed: int = 0
    encrypted: bool = False
    method: int = 8
    mode: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """It does not become an item."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of each part, in their order; `whole` says why nothing at all comes in, else None."""

    parts: tuple[Taken | Left, ...]
    whole: Reason | None = None

    @property
    def taken(self) -> int:
        """How many become items."""
        return sum(isinstance(x, Taken) for x in self.parts)


FAULTS = {
    "part_broken": N_("Dit deel is beschadigd en kan niet worden uitgepakt."),
    "part_too_many": N_("Er zitten te veel bestanden in. De rest is niet uitgepakt: lever die apart aan."),
    "part_too_much": N_("Uitgepakt wordt het te groot. De rest is niet uitgepakt: lever die apart aan."),
    "part_overlapping": N_("De bestanden in het archief liggen over elkaar. Zo'n archief is niet te vertrouwen."),
    "part_elsewhere": N_("Deze bijlage zit niet in de mail: er staat alleen een verwijzing naar een andere plaats."),
}
EMPTY = Reason("empty_file", N_("Het bestand is leeg (0 bytes)."))
MESSAGE_WITHOUT_TEXT = Reason("message_without_text", N_("De mail heeft zelf geen tekst. Alleen de bijlagen tellen."))
TOO_DEEP = Reason(
    "too_deep",
    N_("Dit zit te diep ingepakt: een bestand in een bestand in een bestand. Pak het uit en bied het los aan."),
)
NOTHING_IN_IT = Reason("nothing_in_it", N_("Er zit geen bestand in dat in een dossier kan."))
FEWEST_LETTERS = 20
"""A message shorter than this beside an attachment is a greeting."""


def judge(kind: FileKind, found: Sequence[Found], limits: PartLimits) -> Verdict:
    """What becomes of each of `found`, and whether anything comes in at all."""
    return _judge_zip(found, limits) if kind is FileKind.ZIP else _judge_mail(found)


def unpacked(verdict: Verdict) -> Reason:
    """What is told of the file that was taken apart."""
    left = len(verdict.parts) - verdict.taken
    if left:
        return Reason(
            "unpacked",
            N_("Uitgepakt. Aparte stukken: %(taken)d. Weggelaten: %(left)d."),
            {"taken": verdict.taken, "left": left},
        )
    return Reason("unpacked", N_("Uitgepakt. Aparte stukken: %(taken)d."), {"taken": verdict.taken})


def _judge_zip(found: Sequence[Found], limits: PartLimits) -> Verdict:
    entries = [EntryFacts(at, x.name, x.size, x.packed, x.encrypted, x.method, x.mode) for at, x in enumerate(found)]
    named = judge_entries(entries, EntryLimits(limits.one))
    overlapping = any(x.fault == "part_overlapping" for x in found)
    parts: list[Taken | Left] = []
    for part, verdict in zip(found, named, strict=True):
        if not isinstance(verdict, Taken):
            parts.append(Left(verdict.reason))
        else:
            parts.append(_fault(part) or Taken())
    whole = refused_whole(entries, named, overlapping)
    if whole is None and not any(isinstance(x, Taken) for x in parts):
        told = [
            x.reason
            for x, entry in zip(parts, named, strict=True)
            if isinstance(x, Left) and not isinstance(entry, Skipped)
        ]
        whole = told[0] if len({x.code for x in told}) == 1 else NOTHING_IN_IT
    return Verdict(tuple(parts), whole)


def _judge_mail(found: Sequence[Found]) -> Verdict:
    parts: list[Taken | Left] = []
    for part in found:
        reason = (
            None
            if part.message
            else judge_attachment(
                part.name, part.media_type, part.size, part.width, part.height, shown=part.inline or part.referenced
            )
        )
        parts.append(_fault(part) or (Left(reason) if reason is not None else Taken()))
    attached = any(isinstance(v, Taken) and not p.message for p, v in zip(found, parts, strict=True))
    for at, part in enumerate(found):
        if part.message and attached and part.letters < FEWEST_LETTERS:
            parts[at] = Left(MESSAGE_WITHOUT_TEXT)
    return Verdict(tuple(parts))


def _fault(part: Found) -> Left | None:
    if part.fault:
        text = FAULTS.get(part.fault, FAULTS["part_broken"])
        return Left(Reason(part.fault if part.fault in FAULTS else "part_broken", text))
    if part.size == 0 or not part.file:
        return Left(EMPTY)
    return None
