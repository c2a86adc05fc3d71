"""Starts other programs, keeps what they said in a log, and tells them what they may not do: ask."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dms.install.tools import inherited_environment

TAIL_LINES = 12


@dataclass(frozen=True, slots=True)
class Done:
    """How a program ended and what it said (both streams, in order)."""

    code: int
    output: str

    @property
    def ok(self) -> bool:
        """Whether it ended well."""
        return self.code == 0

    def tail(self) -> str:
        """The last lines, for a person who wants to know why."""
        return "\n".join(self.output.rstrip().splitlines()[-TAIL_LINES:])


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs programs without input, in plain English output (it is parsed), logging to `log`."""

    log: Path

    def run(
        self,
        command: Sequence[str | Path],
        *,
        folder: Path | None = None,
        extra: Mapping[str, str] | None = None,
        each_line: Callable[[str], None] | None = None,
    ) -> Done:
        """Run `command` to its end; `each_line` sees every line of output as it comes. Never raises for its failure."""
        words = [str(word) for word in command]
        environment = (
            inherited_environment() | {"LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"} | dict(extra or {})
        )
        lines: list[str] = []
        try:
            with subprocess.Popen(
                words,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
            ) as process:
                for line in process.stdout or ():
                    lines.append(line)
                    if each_line is not None:
                        each_line(line.rstrip())
            done = Done(process.returncode, "".join(lines))
        except OSError as fault:
            done = Done(127, f"{words[0]}: {fault.strerror}\n")
        self._remember(words, done)
        return done

    def start_over(self) -> None:
        """Begin with an empty log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.write_text("", encoding="utf-8")

    def _remember(self, words: Sequence[str], done: Done) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(words)}\n{done.output}[{done.code}]\n")
