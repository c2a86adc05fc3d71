"""A small installation that is made with the commands themselves, for tests of command, API and processes."""

import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from dms.app import App
from dms.cli.root import run
from dms.demo.facts import DemoPupil, School
from dms.demo.letters.catalogue import KINDS, make_letter
from dms.demo.people import kompas
from dms.demo.pupil_list import write_pupils_csv
from dms.jobs.indexer import drain
from dms.kernel.schoolyear import school_year_of
from dms.model.documents import Source
from dms.model.events import SYSTEM
from dms.services.shapes import Hints
from dms.settings import load

BRIN = "99ZZ"
OTHER_BRIN = "99XX"
PASSWORD = "een lange zin van de school"
ADMIN = "gijs@hetkompas.example"
CLERK = "anouk@hetkompas.example"
STRANGER = "bram@deregenboog.example"
WATCHER = "esra@hetkompas.example"
"""The privacy officer sees that documents exist, and reads none."""
LETTER = "report card"


@dataclass(frozen=True)
class Result:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on stdout."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON lines on stdout."""
        return [json.loads(x) for x in self.out.splitlines()]


@dataclass
class Installation:
    """A folder with an installation, and how to give it commands."""

    folder: Path
    more: dict[str, str] = field(default_factory=dict)
    demo: School | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The settings of this installation."""
        return {
            "DMS_DATA": str(self.folder / "var"),
            "DMS_KEYS": str(self.folder / "keys"),
            "DMS_WORKERS": "1",
            **self.more,
        }

    def dms(self, *arguments: str | Path) -> Result:
        """Give a command in this process."""
        out, err = io.StringIO(), io.StringIO()
        with self.here(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run([str(x) for x in arguments])
        structlog.reset_defaults()  # what it logged to is gone
        return Result(code, out.getvalue(), err.getvalue())

    @contextlib.contextmanager
    def here(self) -> Iterator[None]:
        """The settings of this installation, in the environment."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            patch.chdir(self.folder)
            yield

    @contextlib.contextmanager
    def app(self) -> Iterator[App]:
        """The house itself."""
        opened = App.open(load(self.environment, self.folder))
        try:
            yield opened
        finally:
            opened.close()

    def pupil(self, number: int = 0) -> DemoPupil:
        """The pupil whom letters with this number are about."""
        assert self.demo is not None
        return KINDS[LETTER].pupils(self.demo)[number]

    def letter(self, number: int = 0, seed: int = 1) -> bytes:
        """A born-digital letter about a pupil."""
        assert self.demo is not None
        with self.app() as app:
            day = app.clock.today() - timedelta(days=30)
        return make_letter(self.demo, KINDS[LETTER], self.pupil(number), day, seed).data

    def filed(self, number: int = 0, category: str = "OND-03") -> str:
        """A report in the dossier of a pupil, as the machine's operator filed it; its id. It can be found."""
        pupil = self.pupil(number)
        data = self.letter(number, seed=number + 100)
        with self.app() as app:
            hints = Hints(pupil_number=pupil.number, category=category)
            intake = app.receive.receive(SYSTEM, BRIN, Source.COMMAND, [("brief.pdf", [data])], hints)
            app.worker().work_until_empty()
            assert drain(app)
            (item,) = app.status.intake(SYSTEM, intake)
            assert item.document_id is not None, item.reason
            return str(item.document_id)


def furnish(folder: Path, **more: str) -> Installation:
    """Two schools, three users and the pupils of one school."""
    made = Installation(folder, more)
    secret = folder / "password.txt"
    secret.write_text(PASSWORD + "\n", "utf-8")
    given = ("--password-file", secret)
    done = made.dms("init", "--school", BRIN, "--name", "Het Kompas", "--admin", ADMIN, *given, "--json")
    assert done.code == 0, done.err
    for command in (
        ("school", "add", OTHER_BRIN, "--name", "De Regenboog", "--board", "Stichting Horizon"),
        ("user", "add", CLERK, "--role", "administratie", "--school", BRIN, *given),
        ("user", "add", WATCHER, "--role", "fg", "--school", BRIN, *given),
        ("user", "add", STRANGER, "--role", "administratie", "--school", OTHER_BRIN, *given),
    ):
        done = made.dms(*command)
        assert done.code == 0, done.err
    with made.app() as app:
        made.demo = kompas(1, school_year_of(app.clock.today()))
    pupils = folder / "leerlingen.csv"
    write_pupils_csv(made.demo, pupils)
    done = made.dms("import", "pupils", pupils, "--school", BRIN, "--apply")
    assert done.code == 0, done.err
    return made
