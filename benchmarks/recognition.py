"""How much of the demo papers recognition files by itself, and how much of that is wrong.

    python -m benchmarks.recognition [--seeds 1-10] [--half tune|test|all] [--ocr] [--failures] [--keep FOLDER]

Every kind of paper in every look, each about another pupil, through the text layer and the rules. Looks are in two
halves: tune on one, believe the other. `--ocr` takes whole piles as they reach a school, with scans, photos and
faxes through the readers (seconds a page; `--keep` saves what was read). Prints one line a kind and a summary.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pypdfium2

from dms.demo.chance import repeatable
from dms.demo.collection import demo_documents
from dms.demo.facts import DemoPupil, School
from dms.demo.letters.catalogue import DESK_KINDS, FILEABLE_KINDS, KINDS, make_letter
from dms.demo.letters.truth import Expected, Truth
from dms.demo.people import regenboog
from dms.kernel.schoolyear import school_year_of
from ingest.readers.read import read
from ingest.readers.results import Kind as FileKind
from ingest.readers.textlayer import read_layer
from ingest.rules.classify import classify
from ingest.rules.clues import extract
from ingest.rules.describe import describe
from ingest.rules.learned.combine import combined
from ingest.rules.learned.features import features
from ingest.rules.match import MatchThresholds, match
from ingest.rules.phrases import VOCABULARY
from ingest.rules.roster import PupilFacts, Roster
from ingest.rules.route import FileNow, RouteFacts, SourceTrust, route
from ingest.rules.senders import OwnSchool
from ingest.rules.text import PageText, TextSource, doubtful_words, mean_confidence
from ingest.service.shipped import shipped

TODAY = date(2026, 5, 18)
SPACE = UUID("5b1f0c7e-52ac-4f1f-9d0a-6f9f3c1f7a11")
TEST_LOOKS = {"letter-right", "letter-band", "letter-home-plain", "form-lined", "memo-plain", "report-boxed"}
LEVELS = dict.fromkeys(VOCABULARY, 2)
FILE_KINDS: dict[str, FileKind] = {"pdf": "pdf", "jpg": "jpeg", "png": "png", "tif": "tiff"}


@dataclass(frozen=True)
class Paper:
    """What was read of one paper, with the truth."""

    name: str
    kind: str
    look: str
    truth: Truth
    pages: tuple[PageText, ...]


@dataclass(frozen=True)
class Verdict:
    """What became of a paper; `wrong` says what is wrong with one that was filed."""

    paper: Paper
    filed: bool
    reason: str
    wrong: tuple[str, ...]
    seen: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="1-4")
    parser.add_argument("--half", choices=("tune", "test", "all"), default="all")
    parser.add_argument("--ocr", action="store_true")
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--kind")
    asked = parser.parse_args()
    first, _, last = asked.seeds.partition("-")
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for seed in range(int(first), int(last or first) + 1):
        school = regenboog(seed, school_year_of(TODAY))
        judge = Judge(school)
        for paper in scanned(school, seed, asked.keep) if asked.ocr else digital(school, seed, asked.half, asked.kind):
            verdict = judge(paper)
            count(tally, verdict)
            shown = verdict.wrong or (not verdict.filed and paper.truth.must_be is Expected.FILEABLE)
            if asked.failures and shown:
                words = ", ".join(verdict.wrong) or verdict.reason
                print(f"{paper.name} [{paper.kind} | {paper.look}] {words} | {verdict.seen}")
    report(tally)


def digital(school: School, seed: int, half: str, only: str | None = None) -> Iterator[Paper]:
    """Every kind in every look of the half, about a pupil by chance."""
    for kind in (*FILEABLE_KINDS, *DESK_KINDS):
        pupils = kind.pupils(school)
        if not pupils or (only and kind.name != only):
            continue
        for nth, look in enumerate(kind.looks):
            if half != "all" and (look.name in TEST_LOOKS) != (half == "test"):
                continue
            chance = repeatable("recognition", kind.name, look.name, str(seed))
            pupil = chance.choice(pupils)
            letter = make_letter(
                school, kind, pupil, _day(pupil, kind.joining, chance.random()), seed * 100 + nth, look
            )
            yield Paper(f"{seed}/{kind.name}/{look.name}", kind.name, look.name, letter.truth, _text_layer(letter.data))


def _day(pupil: DemoPupil, joining: bool, share: float) -> date:
    if joining:
        return pupil.enrolled - timedelta(days=60 + round(share * 140))
    last = pupil.left or TODAY - timedelta(days=2)
    return last - timedelta(days=round(share * (20 if pupil.left else 180)))


def _text_layer(data: bytes) -> tuple[PageText, ...]:
    document = pypdfium2.PdfDocument(data)
    pages = tuple(PageText(n, read_layer(page, scan=False).text) for n, page in enumerate(document, 1))
    document.close()
    return pages


def scanned(school: School, seed: int, keep: Path | None) -> Iterator[Paper]:
    """A pile of forty as it reaches the school, read as the pipeline reads it."""
    for nth, paper in enumerate(demo_documents(school, seed=seed, today=TODAY)):
        kept = keep / f"{seed}-{nth}.json" if keep else None
        if kept is not None and kept.exists():
            pages = tuple(
                PageText(number, text, TextSource(source), sure, tuple((first, last) for first, last in doubtful))
                for number, text, source, sure, doubtful in json.loads(kept.read_text(encoding="utf-8"))
            )
        else:
            with tempfile.TemporaryDirectory() as name:
                path = Path(name) / "paper"
                path.write_bytes(paper.data)
                (Path(name) / "out").mkdir()
                result = read(path, FILE_KINDS[paper.file_name.rsplit(".", 1)[-1]], Path(name) / "out")
            pages = tuple(
                PageText(
                    page.number,
                    page.text,
                    TextSource(page.source),
                    page.confidence,
                    doubtful_words(page.text, ((x.text, x.confidence) for x in page.words)),
                )
                for page in result.pages
            )
            if kept is not None:
                kept.parent.mkdir(parents=True, exist_ok=True)
                rows = [[x.number, x.text, x.source, x.confidence, x.doubtful] for x in pages]
                kept.write_text(json.dumps(rows), encoding="utf-8")
        yield Paper(f"{seed}-{nth}", paper.kind, paper.form, paper.truth, pages)


class Judge:
    """Recognises papers of one school as the pipeline does, and holds them to the truth."""

    def __init__(self, school: School) -> None:
        self.own = OwnSchool(school.name, school.brin)
        self.facts = {_id(pupil): _facts(pupil) for pupil in school.pupils}
        self.numbers = {_id(pupil): pupil.number for pupil in school.pupils}
        self.personal = {x: _id(p) for p in school.pupils for x in (p.bsn, p.education_number) if x}
        self.roster = Roster(self.facts.values())

    def __call__(self, paper: Paper) -> Verdict:
        clues = extract(paper.pages)
        owners = {self.personal[one.value] for one in clues.personal_numbers if one.value in self.personal}
        candidates = self.roster.candidates(clues, owners)
        found = match(clues, candidates, MatchThresholds())
        what = shipped()
        likely = what.model.likelihoods(features(paper.pages), tuple(VOCABULARY))
        categories = combined(classify(paper.pages, VOCABULARY, self.own), likely, VOCABULARY, what.weighing)
        described = describe(paper.pages, found, candidates, "naam", TODAY)
        verdict = route(
            RouteFacts(SourceTrust.TRUSTED, categories, found, described.date, mean_confidence(paper.pages), LEVELS),
            what.thresholds,
        )
        truth, wrong = paper.truth, []
        if isinstance(verdict, FileNow):
            if self.numbers[verdict.pupil_id] != truth.pupil_number:
                wrong.append("wrong pupil")
            if verdict.category != truth.category:
                wrong.append(f"wrong category {verdict.category} for {truth.category}")
            if verdict.document_date != truth.document_date:
                wrong.append(f"wrong date {verdict.document_date} for {truth.document_date}")
        seen = f"{[(one.code, one.confidence) for one in categories[:3]]} {described.date and described.date.date} "
        seen += f"{described.date and described.date.confidence} {described.title!r}"
        filed = isinstance(verdict, FileNow)
        return Verdict(paper, filed, verdict.reason.code, tuple(wrong), seen)


def _id(pupil: DemoPupil) -> UUID:
    return uuid5(SPACE, pupil.number)


def _facts(pupil: DemoPupil) -> PupilFacts:
    return PupilFacts(
        pupil_id=_id(pupil), number=pupil.number, given_name=pupil.call_name, first_names=pupil.given_names,
        initials=pupil.initials, prefix=pupil.prefix, surname=pupil.surname, birth_date=pupil.birth_date,
        groups=(pupil.group,) if pupil.left is None else (), current=pupil.left is None,
        carers=tuple(carer.name for carer in pupil.carers),
    )  # fmt: skip


def count(tally: dict[str, Counter[str]], verdict: Verdict) -> None:
    kind = verdict.paper.kind
    tally[kind]["all"] += 1
    tally[kind]["filed" if verdict.filed else verdict.reason] += 1
    for one in verdict.wrong:
        tally[kind]["! " + " ".join(one.split()[:2])] += 1


def report(tally: dict[str, Counter[str]]) -> None:
    whole: Counter[str] = Counter()
    for expected in Expected:
        total: Counter[str] = Counter()
        for kind, found in sorted(tally.items()):
            if KINDS[kind].expected is expected:
                total += found
                reasons = {key: value for key, value in found.most_common() if key not in ("all", "filed")}
                print(f"{kind:28} {found['filed']:4} of {found['all']:4}  {reasons or ''}")
        if total["all"]:
            print(f"{expected.value}: {total['filed']} of {total['all']} filed ({total['filed'] / total['all']:.1%})\n")
        whole += total
    wrong = {key: value for key, value in whole.items() if key.startswith("!")}
    print(f"all: {whole['filed']} of {whole['all']} filed ({whole['filed'] / max(1, whole['all']):.1%}), {wrong}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
