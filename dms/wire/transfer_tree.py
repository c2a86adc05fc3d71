"""A small bounded tree of elements, read from XML as a stream. No document type, no entities, nothing fetched."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_external_ges, feature_external_pes

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from dms.kernel.errors import BadInput
from dms.kernel.text import N_

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesImpl

DEEPEST = 12
MOST_ELEMENTS = 200_000
MOST_TEXT = 16 * 1024 * 1024


@dataclass(slots=True)
class Element:
    """One element: name without prefix, attributes, text of its own, children in order."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> Iterator["Element"]:
        """The children of this name."""
        return (x for x in self.children if x.name == name)

    def first(self, name: str) -> "Element | None":
        """The first child of this name."""
        return next(self.all(name), None)

    def say(self, name: str) -> str:
        """The text of the first child of this name, empty where there is none."""
        found = self.first(name)
        return found.text if found is not None else ""


def read_tree(chunks: Iterable[bytes]) -> Element:
    """The root of the XML. Raises BadInput for what is not well-formed, has a document type, or is too large."""
    parser, handler = make_parser(), _Handler()
    parser.forbid_dtd = True
    parser.setFeature(feature_external_ges, False)
    parser.setFeature(feature_external_pes, False)
    parser.setContentHandler(handler)
    try:
        for chunk in chunks:
            parser.feed(chunk)
        parser.close()
    except DefusedXmlException:
        raise bad_xml("xml_unsafe") from None
    except (SAXParseException, ValueError, LookupError):  # what it says may quote the file: not chained
        raise bad_xml("xml_broken") from None
    if handler.root is None:
        raise bad_xml("xml_broken")
    return handler.root


def bad_xml(code: str) -> BadInput:
    """The error for a `dossier.xml` that cannot be read."""
    return BadInput(
        N_("De gegevens in het overstapdossier (dossier.xml) zijn niet te lezen."),
        N_("Vraag de school die het stuurde om het opnieuw te maken."),
        code=code,
    )


class _Handler(ContentHandler):
    """Builds the tree, within bounds."""

    def __init__(self) -> None:
        super().__init__()
        self.root: Element | None = None
        self._open: list[tuple[Element, list[str]]] = []
        self._count = 0
        self._length = 0

    def startElement(self, name: str, attrs: "AttributesImpl") -> None:
        """A start tag."""
        self._count += 1
        if len(self._open) >= DEEPEST or self._count > MOST_ELEMENTS:
            raise bad_xml("xml_too_large")
        one = Element(name.rpartition(":")[2], {str(k): str(v) for k, v in attrs.items()})
        self._length += sum(len(x) for x in one.attributes.values())
        if self._open:
            self._open[-1][0].children.append(one)
        else:
            self.root = one
        self._open.append((one, []))

    def endElement(self, name: str) -> None:
        """An end tag."""
        one, pieces = self._open.pop()
        one.text = "".join(pieces).strip()

    def characters(self, content: str) -> None:
        """Text between tags."""
        self._length += len(content)
        if self._length > MOST_TEXT:
            raise bad_xml("xml_too_large")
        if self._open:
            self._open[-1][1].append(content)
