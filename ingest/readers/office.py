"""Lays out an office file on pages: LibreOffice makes a PDF/A of it, as a library inside a fenced child.

As a library (LibreOfficeKit) and not as a program: the program opens a socket to be found by other programs, and when
it cannot read a file it says that all is well. What the file may not do here: run macros, follow addresses, update
links to other files. Its profile lies in the job's folder and goes with it.

Source: LibreOfficeKit.h of LibreOffice 7.4 (places of the functions in its two tables; they only ever grow).
"""

import ctypes
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingest.readers import officeplace
from ingest.readers.errors import ReadFailed
from ingest.readers.fence import Report

NAME = "converted.pdf"
LIBRARY = "libmergedlo.so"
PDF_A2 = 2
_HOOK = "libreofficekit_hook_2"
_GET_ERROR, _LOAD_WITH_OPTIONS = 3, 4
_DESTROY_DOCUMENT, _SAVE_AS = 1, 2
_Pointer = ctypes.c_void_p


def convert(
    report: Report, program: Path, source: Path, kind: str, folder: Path, most_pages: int, part: int = PDF_A2
) -> bool:
    """The task of the child: lay out the file `source` of `kind` as `NAME` in `folder`, as PDF/A of `part`.

    `program` is LibreOffice's own folder with its libraries. No more than one page beyond `most_pages` is made. Raises
    `ReadFailed` when LibreOffice cannot open the file or makes nothing of it.
    """
    named = folder / f"source.{kind}"  # LibreOffice goes by the name where a file may be several things
    if not named.exists():
        named.hardlink_to(source)
    target = folder / NAME
    place = officeplace.prepare(program, folder)
    _environment(folder, place)
    office = _Office(place.program, place.profile)
    report(0, 1)
    choices = (
        f'{{"SelectPdfVersion":{{"type":"long","value":"{part}"}},'
        f'"PageRange":{{"type":"string","value":"1-{most_pages + 1}"}}}}'
    )
    office.save_as_pdf(named, target, choices)
    if not target.is_file() or target.stat().st_size == 0:
        raise ReadFailed("read_convert")
    return True


class _Office:
    """LibreOffice in this process. There is no going back: it ends with the process."""

    def __init__(self, program: Path, profile: Path) -> None:
        library = ctypes.CDLL(str(program / LIBRARY))
        hook = getattr(library, _HOOK)
        hook.restype, hook.argtypes = _Pointer, [ctypes.c_char_p, ctypes.c_char_p]
        self._kit = hook(str(program).encode(), profile.as_uri().encode())
        if not self._kit:
            raise ReadFailed("read_convert")

    def save_as_pdf(self, source: Path, target: Path, choices: str) -> None:
        """Open the file and write it as PDF. Raises `ReadFailed`."""
        load = _function(self._kit, _LOAD_WITH_OPTIONS, _Pointer, _Pointer, ctypes.c_char_p, ctypes.c_char_p)
        document = load(self._kit, source.as_uri().encode(), b"Language=nl-NL")
        if not document:
            raise ReadFailed("read_convert")
        save = _function(document, _SAVE_AS, ctypes.c_int, _Pointer, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p)
        if not save(document, target.as_uri().encode(), b"pdf", choices.encode()):
            raise ReadFailed("read_convert")


def _function(thing: int, place: int, answer: Any, *takes: Any) -> Callable[..., Any]:  # noqa: ANN401
    """The function at `place` of the table that the first field of `thing` points to; at 0 stands the table's size."""
    table = ctypes.cast(thing, ctypes.POINTER(_Pointer))[0]
    address = ctypes.cast(table, ctypes.POINTER(_Pointer))[place]
    if not address:
        raise ReadFailed("read_convert")
    made: Callable[..., Any] = ctypes.CFUNCTYPE(answer, *takes)(address)
    return made


def _fonts(folder: Path) -> Path:
    """Fonts as the machine has them; what is worked out about them on the way goes with the job, not to the machine."""
    made = folder / "fonts.conf"
    made.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        '<cachedir prefix="xdg">fontconfig</cachedir>\n'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n</fontconfig>\n',
        "utf-8",
    )
    return made


def _environment(folder: Path, place: "officeplace.Place") -> None:
    """What LibreOffice reads from its surroundings: no screen, no Java, and a home that goes with the job."""
    surroundings = os.environ  # noqa: TID251 - not read for settings: written for a library
    surroundings.update(
        HOME=str(folder), TMPDIR=str(folder), XDG_CACHE_HOME=str(folder), XDG_CONFIG_HOME=str(folder),
        SAL_USE_VCLPLUGIN="svp", SAL_DISABLE_OPENCL="1", LANG="C.UTF-8", FONTCONFIG_FILE=str(_fonts(folder)),
    )  # fmt: skip
    if place.brand is not None:
        surroundings["BRAND_BASE_DIR"] = place.brand.as_uri()
