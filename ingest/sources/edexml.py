"""Reads EDEXML and UWLR as a stream. XML without a document type only: no entities, nothing fetched, nothing expanded.

Namespaces are left aside; what departs from the schema is noted with its line and passed over.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_external_ges, feature_external_pes

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.pupil_files import FileFormat
from ingest.rules.pupils.edex import RawFile, RawRecord
from ingest.rules.pupils.edex_schema import EDEX_ROOT, LISTS, RECORDS, ROOTS, SKIPPED, belongs, fits
from ingest.rules.pupils.table import MOST_ROWS, too_many_rows

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesImpl

DEEPEST = 40
LONGEST_TEXT = 4_000
MOST_DEVIATIONS = 1_000
MOST_STAFF = 5_000
MOST_SHARED = 20_000

_GROUPS = frozenset({"groep", "samengestelde_groep"})


def read_edexml(chunks: Iterable[bytes], progress: Callable[[int], None] = lambda count: None) -> RawFile:
    """The elements of a file that comes in pieces; `progress` hears how many bytes were read.

    Raises BadInput for what is not well-formed, has a document type, or is no EDEXML or UWLR.
    """
    parser = make_parser()
    handler = _Handler(lambda: parser.getLineNumber() or 0)
    parser.forbid_dtd = True
    parser.setFeature(feature_external_ges, False)
    parser.setFeature(feature_external_pes, False)
    parser.setContentHandler(handler)
    count = 0
    try:
        for chunk in chunks:
            parser.feed(chunk)
            count += len(chunk)
            progress(count)
        parser.close()
    except DefusedXmlException:
        raise BadInput(
            N_("Het XML-bestand bevat een DTD of verwijzingen naar buiten. Dat is niet veilig."),
            N_("Maak het bestand opnieuw in het LVS."),
            code="xml_unsafe",
        ) from None
    except SAXParseException as fault:  # its text may quote the file: not chained
        raise BadInput(
            N_("Het XML-bestand is niet goed gevormd (regel %(line)d)."),
            N_("Maak het bestand opnieuw in het LVS; misschien is het maar voor een deel gekopieerd."),
            code="xml_broken",
            params={"line": fault.getLineNumber() or 0},
        ) from None
    if handler.raw is None:
        raise _not_edex()
    return handler.raw


def _not_edex() -> BadInput:
    return BadInput(
        N_("Dit XML-bestand is geen EDEXML of UWLR."),
        N_("Kies in het LVS een export met EDEXML of UWLR."),
        code="not_edex",
    )


class _Handler(ContentHandler):
    """Collects records while the parser goes through the file."""

    def __init__(self, line: Callable[[], int]) -> None:
        """`line`: where the parser is now."""
        super().__init__()
        self._line = line
        self.raw: RawFile | None = None
        self._path: list[str] = []
        self._skipping = 0
        self._record: RawRecord | None = None
        self._kind = ""
        self._depth = 0
        self._text: list[str] | None = None
        self._length = 0
        self._texts: dict[str, str] = {}

    def startElement(self, name: str, attrs: "AttributesImpl") -> None:
        """A start tag."""
        local = name.rpartition(":")[2].strip()
        self._path.append(local)
        if len(self._path) > DEEPEST:
            raise _not_edex()
        if self._skipping or local in SKIPPED:
            self._skipping += 1
            return
        if self.raw is None:
            self._root(local)
            return
        if self._record is None:
            self._open(local, attrs)
        else:
            self._child(local, attrs)

    def endElement(self, name: str) -> None:
        """An end tag."""
        local = self._path.pop()
        if self._skipping:
            self._skipping -= 1
            return
        if self._record is None or self.raw is None:
            return
        if len(self._path) < self._depth:
            self._close()
        elif self._text is not None:
            text = "".join(self._text).strip()
            self._text = None
            if text and local not in self._record.fields:
                self._record.fields[local] = self._once(text)
            if (text or local == "naam") and not fits(self._kind, local, text):
                self._deviates("xml_value", local)

    def _once(self, text: str) -> str:
        """The same text as the same object: names, places and groups stand in a file thousands of times."""
        if len(self._texts) < MOST_SHARED:
            return self._texts.setdefault(text, text)
        return self._texts.get(text, text)

    def characters(self, content: str) -> None:
        """Text between tags."""
        if self._text is not None and not self._skipping:
            self._length += len(content)
            if self._length > LONGEST_TEXT:
                raise _not_edex()
            self._text.append(content)

    def _root(self, local: str) -> None:
        if local.casefold() not in ROOTS:
            raise _not_edex()
        edex = local.casefold() == EDEX_ROOT
        self.raw = RawFile(FileFormat.EDEXML if edex else FileFormat.UWLR)

    def _open(self, local: str, attrs: "AttributesImpl") -> None:
        if local in RECORDS:
            self._record = RawRecord(self._line(), _attribute(attrs, "key"), _attribute(attrs, "eckid"))
            self._kind = local
            self._depth = len(self._path)
        elif local not in LISTS and local.casefold() not in ROOTS:
            self._deviates("xml_unknown", local)

    def _child(self, local: str, attrs: "AttributesImpl") -> None:
        assert self._record is not None
        parent = self._path[-2]
        key = _attribute(attrs, "key")
        person = self._kind in ("leerling", "leerkracht")
        if person and local in _GROUPS and (parent in ("groepen", "samengestelde_groepen") or key):
            if key and key not in self._record.groups:
                self._record.groups.append(key)
        elif person and local == "vestiging":
            self._record.site_key = key
        elif not belongs(self._kind, local):
            self._deviates("xml_unknown", local)
            self._skipping = 1
        elif local not in ("groepen", "samengestelde_groepen", "rollen"):
            self._text, self._length = [], 0

    def _close(self) -> None:
        assert self._record is not None
        assert self.raw is not None
        record, self._record, self._text = self._record, None, None
        if self._kind == "school":
            self.raw.school = self.raw.school or record
        elif self._kind == "vestiging":
            self.raw.sites.append(record)
        elif self._kind in _GROUPS:
            self.raw.groups.append(record)
        elif self._kind == "leerling":
            self.raw.pupils.append(record)
        else:
            self.raw.staff.append(record)
        if max(len(self.raw.pupils), len(self.raw.groups), len(self.raw.sites)) > MOST_ROWS:
            raise too_many_rows()
        if len(self.raw.staff) > MOST_STAFF:
            raise too_many_rows()
        if self._kind in ("leerling", "groep", "samengestelde_groep") and not record.key:
            self._deviates("xml_missing", "key", record.line)

    def _deviates(self, code: str, name: str, line: int | None = None) -> None:
        assert self.raw is not None
        if len(self.raw.deviations) < MOST_DEVIATIONS:
            self.raw.deviations.append((line or self._line(), code, name[:40]))
        else:
            self.raw.uncounted += 1


def _attribute(attrs: "AttributesImpl", name: str) -> str:
    """An attribute without the spaces around it, whatever its namespace."""
    for own, value in attrs.items():
        if own.rpartition(":")[2] == name:
            return " ".join(value.split())
    return ""
