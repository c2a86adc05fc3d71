"""Which files of an archive may come in, judged by what its list of contents says. Never raises.

Nothing of an archive is ever unpacked to a path. A name that would lead out of a folder is refused all the same: who
packs such a name means harm, and what he packed is not to be trusted.
"""

import stat
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from dms.kernel.outcome import Reason
from dms.kernel.text import N_

MEGABYTE = 1024 * 1024
STORED, DEFLATED = 0, 8
LONGEST_PATH = 500
_BOMB_RATIO = 200
_BOMB_FROM = 20 * MEGABYTE
"""From this size a file that was packed to less than a two-hundredth is a bomb; smaller ones do no harm."""
_JUNK = frozenset({"thumbs.db", "desktop.ini", ".ds_store", "ehthumbs.db", "icon\r"})
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{x}" for x in range(1, 10)), *(f"lpt{x}" for x in range(1, 10))}
)
_NESTED = frozenset({"zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "cab", "arj", "jar"})
_PROGRAMS = frozenset({"exe", "dll", "com", "bat", "cmd", "scr", "msi", "js", "vbs", "ps1", "sh", "lnk", "hta", "apk"})


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What the list of contents says of one file: `size` unpacked and `packed` in bytes, `mode` of Unix or 0."""

    position: int
    path: str
    size: int
    packed: int
    encrypted: bool = False
    method: int = DEFLATED
    mode: int = 0
    folder: bool = False


@dataclass(frozen=True, slots=True)
class EntryLimits:
    """What an archive may hold: files, and bytes of one file."""

    most_bytes: int = 200 * MEGABYTE
    most_entries: int = 100_000


@dataclass(frozen=True, slots=True)
class Taken:
    """It may come in, as far as its name and sizes tell."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """It is no document: what a system leaves in a folder for itself."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Refused:
    """It does not come in."""

    reason: Reason


def judge(entries: Sequence[EntryFacts], limits: EntryLimits) -> tuple[Taken | Skipped | Refused, ...]:
    """One verdict for each of `entries` (folders left out beforehand), in the same order."""
    seen: set[str] = set()
    found: list[Taken | Skipped | Refused] = []
    for entry in entries:
        verdict = _judge_one(entry, limits)
        if isinstance(verdict, Taken):
            key = unicodedata.normalize("NFC", entry.path).casefold()
            if key in seen:
                verdict = _refuse(
                    "same_name",
                    N_("Er is nog een bestand met deze naam (hoofdletters tellen niet mee). Geef het een eigen naam."),
                )
            seen.add(key)
        found.append(verdict)
    return tuple(found)


def refused_whole(
    entries: Sequence[EntryFacts], verdicts: Sequence[Taken | Skipped | Refused], overlapping: bool
) -> Reason | None:
    """Why nothing of the archive comes in, or None: parts that overlap, a password on all, nothing but bombs."""
    if overlapping:
        return Reason("archive_bomb", N_("Het archief is niet te vertrouwen: de bestanden erin liggen over elkaar."))
    codes = [x.reason.code for x in verdicts if isinstance(x, Refused)]
    documents = [x for x in verdicts if not isinstance(x, Skipped)]
    if documents and len(codes) == len(documents):
        if all(x == "entry_encrypted" for x in codes):
            return Reason("archive_encrypted", N_("Het archief is beveiligd met een wachtwoord."))
        if all(x == "entry_bomb" for x in codes):
            return Reason("archive_bomb", N_("Het archief is niet te vertrouwen: uitgepakt wordt het veel te groot."))
    if not entries:
        return Reason("archive_empty", N_("Er zit geen bestand in het archief."))
    return None


def decode_name(raw: bytes, utf8: bool) -> str:
    """A name as it was meant: marked as UTF-8, or UTF-8 without the mark, else the code page of old archives.

    Archives without the mark are in CP437 by the book; Windows programs write CP1252. What gives letters where the
    other gives signs is what was meant.
    """
    try:
        return unicodedata.normalize("NFC", raw.decode("utf-8"))
    except UnicodeDecodeError:
        if utf8:
            return raw.decode("utf-8", "replace")
    old = raw.decode("cp437")
    windows = raw.decode("cp1252", "replace")
    return windows if _signs(windows) < _signs(old) else old


def bad_head(path: str, head: bytes) -> Reason | None:
    """Whether the first bytes (512 or more) are of something else than the name says, or of what never comes in."""
    extension = extension_of(path)
    kind = _kind(head)
    if kind == "archive" and extension not in _OFFICE:
        return _nested()
    if kind == "program":
        return _program()
    expected = _EXPECTED.get(extension)
    if expected is not None and kind != expected:
        return Reason(
            "not_what_its_name_says",
            N_("Het bestand heet .%(extension)s, maar er zit iets anders in. Sla het opnieuw op als pdf."),
            {"extension": extension},
        )
    return None


def is_dossier_archive(head: bytes) -> bool:
    """Whether the first bytes (100 or more) are of a ZIP that is no worksheet or other office file."""
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    first = head[_LOCAL_HEADER : _LOCAL_HEADER + int.from_bytes(head[26:28], "little")]
    return not first.startswith(_OFFICE_PARTS)


def shown_path(path: str) -> str:
    """A path for people and for a database: what cannot be printed stands as one sign; 600 characters at most."""
    return "".join(x if x.isprintable() else "\N{REPLACEMENT CHARACTER}" for x in path)[:600]


def extension_of(path: str) -> str:
    """The extension in small letters, without its dot; empty where there is none."""
    stem, dot, extension = path.rpartition("/")[2].rpartition(".")
    return extension.strip().casefold() if dot and stem else ""


def _judge_one(entry: EntryFacts, limits: EntryLimits) -> Taken | Skipped | Refused:
    parts = entry.path.split("/")
    kind = stat.S_IFMT(entry.mode)
    if stat.S_ISLNK(entry.mode):
        return _refuse("entry_link", N_("Dit is geen bestand maar een verwijzing naar een andere plaats."))
    if kind not in (0, stat.S_IFREG):
        return _refuse("entry_special", N_("Dit is geen gewoon bestand."))
    if _hostile(entry.path, parts):
        return _refuse("entry_path", N_("De naam van dit bestand wijst buiten het archief of bevat verborgen tekens."))
    if "__macosx" in (x.casefold() for x in parts[:-1]) or _is_junk(parts[-1]):
        return Skipped(Reason("entry_junk", N_("Dit is een hulpbestand van de computer, geen document.")))
    if entry.encrypted:
        return _refuse("entry_encrypted", N_("Dit bestand is beveiligd met een wachtwoord. Lever het zonder aan."))
    if entry.method not in (STORED, DEFLATED):
        return _refuse("entry_method", N_("Dit bestand is op een manier ingepakt die wij niet kunnen uitpakken."))
    if entry.size == 0:
        return _refuse("empty_file", N_("Het bestand is leeg (0 bytes)."))
    if entry.size >= _BOMB_FROM and entry.size > _BOMB_RATIO * max(entry.packed, 1):
        return _refuse("entry_bomb", N_("Dit bestand wordt uitgepakt veel te groot en is niet te vertrouwen."))
    if entry.size > limits.most_bytes:
        return Refused(
            Reason(
                "too_many_bytes",
                N_("Het bestand is groter dan %(limit)d MB. Splits het bestand of scan op 300 dpi."),
                {"limit": limits.most_bytes // MEGABYTE},
            )
        )
    extension = extension_of(entry.path)
    if extension in _NESTED:
        return Refused(_nested())
    if extension in _PROGRAMS:
        return Refused(_program())
    return Taken()


def _hostile(path: str, parts: Sequence[str]) -> bool:
    if not path or len(path) > LONGEST_PATH or path.startswith("/") or any(x in ("", ".", "..") for x in parts):
        return True
    if len(parts[0]) >= 2 and parts[0][1] == ":":
        return True
    if any(x.partition(".")[0].strip().casefold() in _DEVICES for x in parts):
        return True
    return any(unicodedata.category(x)[0] == "C" for x in path)  # controls, direction marks, unassigned


def _is_junk(name: str) -> bool:
    folded = name.casefold()
    return folded in _JUNK or folded.startswith(("._", "~$"))


def _signs(text: str) -> int:
    """How many characters beyond ASCII are no letters."""
    return sum(1 for x in text if ord(x) > 127 and (not x.isalpha() or ord(x) > 0x17F))


def _refuse(code: str, text: str) -> Refused:
    return Refused(Reason(code, text))


def _nested() -> Reason:
    return Reason("entry_archive", N_("Dit is een archief in het archief. Pak het uit en lever de bestanden zelf aan."))


def _program() -> Reason:
    return Reason("entry_program", N_("Dit is een programma, geen document."))


_LOCAL_HEADER = 30
_OFFICE_PARTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"customXml/", b"mimetype", b"word/")
_OFFICE = frozenset(
    {"docx", "xlsx", "pptx", "docm", "xlsm", "dotx", "odt", "ods", "odp", "odg", "ott", "epub", "pages"}
)
_EXPECTED = {"pdf": "pdf", "jpg": "image", "jpeg": "image", "png": "image", "tif": "image", "tiff": "image"}
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*")
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"\xfd7zXZ\x00")
_RUNS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe")


def _kind(head: bytes) -> str:
    if head.startswith(_IMAGES):
        return "image"
    if head.startswith(_ARCHIVES):
        return "archive"
    if head.startswith(_RUNS):
        return "program"
    return "pdf" if b"%PDF-" in head[:1024] else ""
