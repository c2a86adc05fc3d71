"""Mees, of another school, cannot tell a word that stands in hidden papers from one that stands nowhere."""

import re
import statistics
import time
from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from dms.web.factory import create_app

REQUESTS = 500
HIDDEN, NOWHERE = "canariegeel", "zebrablauw1"
"""Equally long: the word that was typed stands in the answer."""
PAPERS = 12


def measure(folder: Path) -> Result:
    """Real screens over a real index; the two words take turns, so that whatever else the machine does hits both."""
    from tests import houses
    from tests.shape.route_world import csrf, pdf

    house = houses.build(folder / "house")
    try:
        sent = [(f"{n}.pdf", pdf(f"{HIDDEN} verslag nummer {n} van De Regenboog")) for n in range(PAPERS)]
        house.send(sent)
        house.work()
        app = create_app(house.app)
        client = app.test_client()
        token = csrf(client.get("/inloggen").get_data(as_text=True))
        form = {"email": "mees@hetkompas.example", "wachtwoord": houses.PASSWORD, "csrf_token": token}
        entered = client.post("/inloggen", data=form).status_code
        times: dict[str, list[float]] = {HIDDEN: [], NOWHERE: []}
        answers: dict[str, set[str]] = {HIDDEN: set(), NOWHERE: set()}
        pages = ("/zoeken?q={word}", "/zoeken?q={part}*", "/leerlingen?q={word}")
        for nth in range(REQUESTS):
            order = (HIDDEN, NOWHERE) if nth % 2 else (NOWHERE, HIDDEN)
            for word in order:
                page = pages[0] if nth % 5 else pages[1 + nth % 2]
                began = time.perf_counter()
                answer = client.get(page.format(word=word, part=word[:6]))
                spent = time.perf_counter() - began
                if page == pages[0]:
                    times[word].append(spent * 1000)
                answers[word].add(_masked(answer.get_data(as_text=True), word))
    finally:
        house.app.close()
    middle = {k: statistics.median(v) for k, v in times.items()}
    spread = statistics.quantiles(times[NOWHERE], n=4)
    noise = (spread[2] - spread[0]) / 2
    apart = abs(middle[HIDDEN] - middle[NOWHERE])
    alike = answers[HIDDEN] == answers[NOWHERE]
    return Result(
        entered == 303 and alike and apart <= max(noise, 1.0),
        f"{REQUESTS} of each: answers {'alike' if alike else 'DIFFER'}, medians {middle[HIDDEN]:.1f} and "
        f"{middle[NOWHERE]:.1f} ms, noise {noise:.1f} ms",
        {
            "requests_of_each": REQUESTS,
            "answers_alike": alike,
            "different_answers": len(answers[HIDDEN] | answers[NOWHERE]),
            "median_ms_hidden": round(middle[HIDDEN], 2),
            "median_ms_nowhere": round(middle[NOWHERE], 2),
            "half_interquartile_ms": round(noise, 2),
        },
    )


def _masked(text: str, word: str) -> str:
    text = re.sub(r'(name="csrf_token" value|name="csrf-token" content)="[^"]*"', "", text)
    text = re.sub(r'nonce="[^"]*"', "", text)
    return text.replace(word, "WOORD").replace(word[:6], "WOORD")


PROOF = Proof(
    "rights_nothing_learned",
    "Another school's mentor learns nothing by searching",
    f"{REQUESTS} searches of each: masked answers equal, time within noise",
    measure,
    ("tests/houses.py", "tests/shape/route_world.py"),
)
