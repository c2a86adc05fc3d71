"""What kind of file is it, and may it come in? Decided from facts that a reader gathered, never from the name.

The limits are arguments: what they are worth on a machine is a setting. What stays a risk: a file that is a
valid PDF and something else too is judged by what libmagic calls it.
"""

from dataclasses import dataclass

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from ingest.rules.kinds import EXTENSIONS, IMAGES, KINDS, LETTERS, NAMES, OFFICE, FileKind


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a reader found out about a file.

    `size` in bytes; `media_type` by content (libmagic); `name` as offered, only for its extension; `encrypted`
    means that a password is needed to open it; `pages` of a PDF or frames of a TIFF; `width` and `height` in
    pixels, of the largest frame; None is "not known". `parse_error`: the reader could not open it.
    `lacks_reader`: there is no reader for it on this machine, and waiting brings none.
    """

    size: int
    media_type: str
    name: str
    encrypted: bool | None = None
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    parse_error: bool = False
    lacks_reader: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be: bytes, pages, pixels of one image (width × height)."""

    max_bytes: int = 200 * 1024 * 1024
    max_pages: int = 500
    max_pixels: int = 80_000_000


@dataclass(frozen=True, slots=True)
class Accepted:
    """The file may be read as `kind`."""

    kind: FileKind


@dataclass(frozen=True, slots=True)
class Refusal:
    """The file is not taken, with the reason and what to do about it."""

    reason: Reason


_KNOWN_AS = {
    "text/xml": N_("een XML-bestand"),
    "application/xml": N_("een XML-bestand"),
    "application/json": N_("een JSON-bestand"),
    "application/gzip": N_("een ingepakt bestand"),
    "application/x-7z-compressed": N_("een ingepakt bestand"),
    "application/x-rar": N_("een ingepakt bestand"),
    "image/gif": N_("een GIF-afbeelding"),
    "image/bmp": N_("een BMP-afbeelding"),
    "image/webp": N_("een WebP-afbeelding"),
    "image/svg+xml": N_("een SVG-tekening"),
    "application/x-dosexec": N_("een programma"),
    "application/vnd.microsoft.portable-executable": N_("een programma"),
    "application/x-executable": N_("een programma"),
    "text/x-shellscript": N_("een programma"),
}
_UNKNOWN = N_("iets dat wij niet herkennen")


def identify(facts: FileFacts, limits: Limits) -> Accepted | Refusal:
    """Whether the file may be read, and as what. Never raises.

    The order of the tests is the order in which they help a person: nothing in it, too large, another kind
    than its name says, a kind that cannot be read, and only then what is wrong inside.
    """
    if facts.size <= 0:
        return _refuse("empty_file", N_("Het bestand is leeg (0 bytes). Sla het opnieuw op of scan het opnieuw."))
    if facts.size > limits.max_bytes:
        return _refuse(
            "too_many_bytes",
            N_(
                "Het bestand is te groot: %(size)s MB. Het maximum is %(limit)s MB. "
                "Splits het bestand of scan op 300 dpi."
            ),
            size=_megabytes(facts.size, up=True),
            limit=_megabytes(limits.max_bytes),
        )
    media_type = facts.media_type.split(";")[0].strip().lower()
    kind = KINDS.get(media_type)
    named = EXTENSIONS.get(_extension(facts.name))
    if kind is None:
        what = _KNOWN_AS.get(media_type, _UNKNOWN)
        if named is not None:
            return _refuse(
                "not_what_its_name_says",
                N_(
                    "Het bestand heet .%(extension)s, maar er zit %(what)s in. "
                    "Open het in het programma waarin het is gemaakt en sla het op als pdf."
                ),
                extension=_extension(facts.name),
                what=what,
            )
        return _refuse(
            "type_not_supported",
            N_(
                "Dit soort bestand kan niet worden opgenomen: het is %(what)s. "
                "Wel mogelijk zijn pdf, foto's en scans, Word, Excel, PowerPoint, OpenDocument, tekst, "
                "webpagina's, mail en ZIP. Sla het op als pdf en bied het opnieuw aan."
            ),
            what=what,
        )
    if named is not None and _family(named) != _family(kind):
        return _refuse(
            "not_what_its_name_says",
            N_(
                "Het bestand heet .%(extension)s, maar er zit %(what)s in. "
                "Geef het de juiste naam en bied het opnieuw aan."
            ),
            extension=_extension(facts.name),
            what=NAMES[kind],
        )
    return _inside(kind, facts, limits)


def _inside(kind: FileKind, facts: FileFacts, limits: Limits) -> Accepted | Refusal:
    if facts.lacks_reader:
        return _refuse(
            "no_heic",
            N_(
                "Deze foto is een HEIC-bestand en dat kan hier niet worden gelezen. Stuur de foto als JPEG, "
                "of vraag de beheerder dit te installeren: pip install pi-heif"
            ),
        )
    if facts.encrypted and kind is not FileKind.PDF:
        return _refuse(
            "encrypted",
            N_("Het bestand is beveiligd met een wachtwoord. Haal het wachtwoord eraf en bied het opnieuw aan."),
        )
    if facts.encrypted:
        return _refuse(
            "encrypted",
            N_("De pdf is beveiligd met een wachtwoord. Sla hem op zonder wachtwoord en bied hem opnieuw aan."),
        )
    if facts.parse_error:
        if kind is FileKind.PDF:
            return _refuse(
                "broken_pdf",
                N_("De pdf is beschadigd en kan niet worden geopend. Sla hem opnieuw op of scan het papier opnieuw."),
            )
        if kind not in IMAGES:
            return _refuse(
                "broken_file",
                N_("Het bestand is beschadigd en kan niet worden geopend. Sla het opnieuw op of bied een pdf aan."),
            )
        return _refuse(
            "broken_image",
            N_("De afbeelding is beschadigd en kan niet worden geopend. Maak de scan of de foto opnieuw."),
        )
    if facts.pages is not None and facts.pages <= 0:
        return _refuse(
            "no_pages",
            N_("Er zit geen enkele bladzijde in het bestand. Sla het opnieuw op of scan het papier opnieuw."),
        )
    if facts.pages is not None and facts.pages > limits.max_pages:
        return _refuse(
            "too_many_pages",
            N_("Het bestand heeft %(pages)s bladzijden. Het maximum is %(limit)s. Splits het in kleinere bestanden."),
            pages=facts.pages,
            limit=limits.max_pages,
        )
    if facts.width is not None and facts.height is not None:
        if facts.width <= 0 or facts.height <= 0:
            return _refuse(
                "broken_image",
                N_("De afbeelding is beschadigd en kan niet worden geopend. Maak de scan of de foto opnieuw."),
            )
        if facts.width * facts.height > limits.max_pixels:
            return _refuse(
                "too_many_pixels",
                N_(
                    "De afbeelding is te groot: %(width)s × %(height)s beeldpunten (%(size)s miljoen). "
                    "Het maximum is %(limit)s miljoen. Scan op 300 dpi of maak de foto kleiner."
                ),
                width=facts.width,
                height=facts.height,
                size=-(-facts.width * facts.height // 1_000_000),
                limit=limits.max_pixels // 1_000_000,
            )
    return Accepted(kind)


def _family(kind: FileKind) -> str:
    """Kinds that may bear one another's names: programs and people mix them up, and it does no harm."""
    if kind in IMAGES:
        return "image"
    if kind in OFFICE:
        return "office"
    return "letters" if kind in LETTERS else kind.value


def _extension(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return extension.strip().lower() if dot and stem else ""


def _megabytes(size: int, *, up: bool = False) -> int:
    return -(-size // (1024 * 1024)) if up else size // (1024 * 1024)


def _refuse(code: str, text: str, **params: str | int | float) -> Refusal:
    return Refusal(Reason(code, text, params))
