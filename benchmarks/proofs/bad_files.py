"""Files that cannot be read: each gets its own reason, on the screen, in the API and from the command."""

import json
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.proofs.proof import Proof, Result
from dms.demo.hostile import hostile_files
from tests.golden.running import Installation, Person, multipart, until

ASKED = ("not-a-pdf", "empty", "encrypted", "no-pages", "huge-image")
STOPPED = {"refused", "quarantined"}
ANOUK = "anouk@deregenboog.example"
SCHOOL = "99XX"
SECONDS = 180.0


def measure(folder: Path) -> Result:
    """Every bad file by all three ways in, each way with the very same bytes."""
    house = Installation(folder / "house", {"DMS_WORKERS": "1"})
    (loaded,) = house.asked("demo", "--without-papers")
    files = list(hostile_files())
    sent = folder / "files"
    sent.mkdir()
    for one in files:
        (sent / one.name).write_bytes(one.data)
    (token,) = house.asked("user", "token", ANOUK, "--scope", "intake", "--days", "1")
    with house.serving() as service:
        anouk = Person(service.address)
        anouk.sign_in(ANOUK, loaded["password"])
        screen = {x.name: _by_screen(anouk, x.name, x.data) for x in files}
        api = {x.name: _by_api(service.address, token["token"], x.name, x.data) for x in files}
        lines = house.asked("ingest", sent, "--school", SCHOOL, "--wait")
    command = {Path(x["path"]).name: (x["status"], x["reason"] or "") for x in lines}
    rows = [
        {
            "file": f"{x.name} ({x.kind})",
            "asked_for": x.kind in ASKED,
            "on_screen": screen[x.name][1],
            "in_api": api[x.name][1],
            "by_command": command[x.name][1],
        }
        for x in files
    ]
    ways: tuple[Mapping[str, tuple[str, str]], ...] = (screen, api, command)
    stopped = all(status in STOPPED for way in ways for status, _ in way.values())
    said = all(len(reason) > 10 for way in ways for _, reason in way.values())
    own = [len({reason for _, reason in way.values()}) for way in ways]
    same = all(_norm(screen[x.name][1]) == _norm(api[x.name][1]) == _norm(command[x.name][1]) for x in files)
    return Result(
        stopped and said and min(own) == len(files) and {x.kind for x in files} >= set(ASKED),
        f"{len(files)} kinds of bad files, {min(own)} different reasons; the three ways in say "
        + ("the same" if same else "it in their own words"),
        {
            "kinds": len(files),
            "different_reasons_screen_api_command": own,
            "nothing_filed": stopped,
            "same_words_everywhere": same,
            "reasons": rows,
        },
    )


def _by_screen(person: Person, name: str, data: bytes) -> tuple[str, str]:
    """Dropped on the page: what the page of the receipt then says (state, reason with advice)."""
    shown, _ = person.settled(person.drop(name, data), SECONDS)
    (row,) = shown
    # the first paragraph is the name and the last the moment; between them stand reason and advice
    return row.state, " ".join(row.texts[1:-1])


def _by_api(address: str, token: str, name: str, data: bytes) -> tuple[str, str]:
    """Sent as a program does; what the intake then says."""
    body, kind = multipart({"school": SCHOOL}, [(name, data)])
    sent = _asked(f"{address}/api/v1/intake", token, body, kind)

    def done() -> dict[str, Any] | None:
        (item,) = _asked(f"{address}/api/v1/intake/{sent['intake_id']}", token)["items"]
        return None if item["status"] == "waiting" else dict(item)

    item = until(done, SECONDS, "the item is still waiting")
    return str(item["status"]), str(item["reason"] or "")


def _asked(address: str, token: str, body: bytes | None = None, kind: str = "") -> dict[str, Any]:
    request = urllib.request.Request(address, body, {"Authorization": f"Bearer {token}"})
    if kind:
        request.add_header("Content-Type", kind)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return dict(json.load(answer))


def _norm(text: str) -> str:
    return " ".join(text.split()).casefold()


PROOF = Proof(
    "bad_files",
    "Bad files are refused with their own reason",
    "each its own clear Dutch reason, on screen, in API and command",
    measure,
    ("tests/golden", "tests/servers/ports.py"),
)
