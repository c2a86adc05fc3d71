"""What the system must offer, and how to see within a millisecond whether it does."""

import importlib
import importlib.util
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dms.install.tools import JAVA_LIBRARIES, MAGIC_FILE, TESSDATA, unpacked


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: the file system's root, the unpacked programs of a project, and the search path."""

    project: Path
    search_path: str
    root: Path = Path("/")

    def has_program(self, name: str) -> bool:
        """Whether a program can be started by its name."""
        return shutil.which(name, path=self.search_path) is not None

    def has_file(self, *patterns: str) -> bool:
        """Whether some file fits one of the glob patterns (relative), in the system or beside the project."""
        return any(
            next(base.glob(pattern), None) is not None
            for base in (self.root, unpacked(self.project))
            for pattern in patterns
        )


@dataclass(frozen=True, slots=True)
class Need:
    """One thing the system must offer: the Debian package that brings it and a look whether it is there."""

    package: str
    purpose: str
    present: Callable[[Place], bool]


def _reading(language: str) -> Callable[[Place], bool]:
    return lambda place: place.has_file(f"{TESSDATA}/{language}.traineddata")


def _java(*names: str) -> Callable[[Place], bool]:
    """Whether all these Java libraries are there."""
    return lambda place: all(place.has_file(f"{JAVA_LIBRARIES}/{name}.jar") for name in names)


RUNTIME: tuple[Need, ...] = (
    Need("tesseract-ocr", "tekst in scans herkennen", lambda place: place.has_program("tesseract")),
    Need("tesseract-ocr-nld", "Nederlandse tekst in scans herkennen", _reading("nld")),
    Need("tesseract-ocr-osd", "gedraaide pagina's rechtop zetten", _reading("osd")),
    Need(
        "libmagic1",
        "bestandstypen herkennen",
        lambda place: place.has_file("usr/lib/*/libmagic.so.1", "lib/*/libmagic.so.1") and place.has_file(MAGIC_FILE),
    ),
    Need(
        "fonts-dejavu-core",
        "lettertype",
        lambda place: place.has_file("usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    ),
    Need(
        "fonts-liberation",
        "lettertype",
        lambda place: place.has_file("usr/share/fonts/truetype/liberation*/LiberationSans-Regular.ttf"),
    ),
)


def _office(library: str) -> Callable[[Place], bool]:
    return lambda place: place.has_file(f"usr/lib/libreoffice/program/{library}.so")


OFFICE: tuple[Need, ...] = (
    Need("libreoffice-writer-nogui", "tekstdocumenten tonen (Word, OpenDocument)", _office("libswlo")),
    Need("libreoffice-calc-nogui", "rekenbladen tonen (Excel, OpenDocument)", _office("libsclo")),
    Need("libreoffice-impress-nogui", "presentaties tonen (PowerPoint, OpenDocument)", _office("libsdlo")),
)
"""325 MB: the service runs without, and office files wait until it is there."""

TESTS: tuple[Need, ...] = (
    *OFFICE,
    Need(
        "postgresql",
        "database voor de tests",
        lambda place: place.has_program("initdb") or place.has_file("usr/lib/postgresql/*/bin/initdb"),
    ),
    Need("chromium", "browser voor de tests", lambda place: place.has_program("chromium")),
    Need(
        "default-jdk-headless",
        "Java, voor de controle van PDF/A",
        lambda place: place.has_program("java") and place.has_program("javac"),
    ),
    Need(
        "libpdfbox2-java", "controle van PDF/A", _java("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging")
    ),
    Need("libactivation-java", "controle van PDF/A", _java("javax.activation")),
    Need("libjaxb-api-java", "controle van PDF/A", _java("jaxb-api")),
    Need("dovecot-imapd", "mailserver voor de tests", lambda place: place.has_file("usr/lib/dovecot/imap")),
    Need("clamav-daemon", "virusscanner voor de tests", lambda place: place.has_file("usr/sbin/clamd")),
    Need("strace", "zien wat een lezer doet", lambda place: place.has_program("strace")),
    Need(
        "faketime",
        "tests op een andere dag",
        lambda place: place.has_program("faketime") and place.has_file("usr/lib/*/faketime/libfaketime.so.1"),
    ),
)

READING = frozenset({"tesseract-ocr", "tesseract-ocr-nld"})
PIP_WHEELS = "usr/share/python-wheels/pip-*.whl"


def _can_make_environments(_: Place) -> bool:
    importlib.invalidate_caches()  # it may have been installed a moment ago
    return importlib.util.find_spec("ensurepip") is not None


PYTHON_VENV = Need("python3-venv", "Python-pakketten installeren", _can_make_environments)
PIP_WHEEL = Need("python3-pip-whl", "Python-pakketten installeren", lambda place: place.has_file(PIP_WHEELS))


def missing(needs: Iterable[Need], place: Place) -> tuple[Need, ...]:
    """The needs that are not met at `place`, in their own order."""
    return tuple(need for need in needs if not need.present(place))


def place_of(project: Path, environment: Mapping[str, str]) -> Place:
    """Where to look for `project`, given the environment its programs will run in."""
    return Place(project, environment.get("PATH", ""))
