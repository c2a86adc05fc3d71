"""The XML of an OSO dossier as a small tree, with the contents of documents decoded to files on the way.

Read as a stream, without document type or entities. The base64 of a document (some megabytes, hundreds at times) never
stands in memory as a whole. What is wrong with one document's contents is told with that document; the rest goes on.
"""

import base64
import binascii
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_external_ges, feature_external_pes

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from dms.wire.transfer_tree import DEEPEST, MOST_ELEMENTS, MOST_TEXT, Element, bad_xml

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesImpl

CONTENTS = "bestandsinhoud"
DECODED = "decoded"
"""Attribute of a `bestandsinhoud` element: the name of the file with its decoded bytes."""
FAULT = "fault"
"""Attribute of a `bestandsinhoud` element that could not be decoded: `base64` or `size`."""
_SPACE = str.maketrans("", "", " \t\r\n")


def read_oso_xml(chunks: Iterable[bytes], folder: Path, most_bytes: int) -> Element:
    """The root; contents of documents lie decoded in `folder`, none larger than `most_bytes`.

    Raises BadInput for what is not well-formed, has a document type, or is too large.
    """
    parser, handler = make_parser(), _Handler(folder, most_bytes)
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
    finally:
        handler.end()
    if handler.root is None:
        raise bad_xml("xml_broken")
    return handler.root


class _Decoder:
    """One document's contents on their way from base64 to a file."""

    def __init__(self, path: Path, most: int) -> None:
        self._file: IO[bytes] = path.open("xb")
        self._most = most
        self._rest = ""
        self._size = 0
        self.fault = ""

    def feed(self, text: str) -> None:
        if self.fault:
            return
        whole = self._rest + text.translate(_SPACE)
        cut = len(whole) - len(whole) % 4
        self._rest = whole[cut:]
        self._decode(whole[:cut])

    def close(self) -> None:
        if self._rest and not self.fault:
            self.fault = "base64"  # cut off within a group of four
        self._file.close()

    def _decode(self, text: str) -> None:
        try:
            raw = base64.b64decode(text.encode("ascii"), validate=True)
        except (binascii.Error, UnicodeEncodeError):
            self.fault = "base64"
            return
        self._size += len(raw)
        if self._size > self._most:
            self.fault = "size"
            return
        self._file.write(raw)


class _Handler(ContentHandler):
    """Builds the tree, within bounds."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        super().__init__()
        self.root: Element | None = None
        self._folder = folder
        self._most = most_bytes
        self._open: list[tuple[Element, list[str]]] = []
        self._decoder: _Decoder | None = None
        self._count = 0
        self._length = 0
        self._decoded = 0

    def end(self) -> None:
        """Let go of a file that is still being written."""
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None

    def startElement(self, name: str, attrs: "AttributesImpl") -> None:
        """A start tag."""
        self._count += 1
        if len(self._open) >= 2 * DEEPEST or self._count > MOST_ELEMENTS or self._decoder is not None:
            raise bad_xml("xml_too_large")
        one = Element(name.rpartition(":")[2], {str(k): str(v) for k, v in attrs.items()})
        self._length += sum(len(x) for x in one.attributes.values())
        if self._open:
            self._open[-1][0].children.append(one)
        else:
            self.root = one
        self._open.append((one, []))
        if one.name == CONTENTS:
            self._decoded += 1
            one.attributes = {DECODED: f"{self._decoded:05d}"}
            self._decoder = _Decoder(self._folder / one.attributes[DECODED], self._most)

    def endElement(self, name: str) -> None:
        """An end tag."""
        one, pieces = self._open.pop()
        if self._decoder is not None:
            self._decoder.close()
            if self._decoder.fault:
                one.attributes[FAULT] = self._decoder.fault
            self._decoder = None
            return
        one.text = "".join(pieces).strip()

    def characters(self, content: str) -> None:
        """Text between tags."""
        if self._decoder is not None:
            self._decoder.feed(content)
            return
        self._length += len(content)
        if self._length > MOST_TEXT:
            raise bad_xml("xml_too_large")
        if self._open:
            self._open[-1][1].append(content)
