"""PDFBox preflight, a judge of PDF/A-1b (Debian: libpdfbox2-java, libactivation-java, libjaxb-api-java)."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from shutil import which

from dms.install.needs import Place
from dms.install.tools import JAVA_LIBRARIES, inherited_environment, tool_environment, unpacked

ROOT = Path(__file__).resolve().parents[2]
JARS = ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api")


def jars() -> list[Path]:
    """The libraries of the judge, from the system or from beside the project; empty when one is not there."""
    found = []
    for name in JARS:
        places = (base / JAVA_LIBRARIES / f"{name}.jar" for base in (Path("/"), unpacked(ROOT)))
        jar = next((x for x in places if x.exists()), None)
        if jar is None:
            return []
        found.append(jar)
    return found


def present() -> bool:
    """Whether files can be judged here."""
    return Place(ROOT, _environment()["PATH"]).has_program("javac") and bool(jars())


def judged(files: Sequence[Path]) -> list[str]:
    """Of each file `valid`, or `invalid` with what is wrong. One machine for all: starting it takes the most time."""
    source = Path(__file__).with_name("Preflight.java")
    java = which("java", path=_environment()["PATH"]) or "java"
    command = [java, "-cp", ":".join(map(str, jars())), str(source), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=_environment())
    return done.stdout.splitlines()


def _environment() -> dict[str, str]:
    inherited = inherited_environment()
    return {"PATH": "/usr/bin:/bin", **inherited, **tool_environment(ROOT, inherited)}
