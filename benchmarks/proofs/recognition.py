"""Recognition against papers with a known answer: layouts that nothing was tuned on, noise, real OCR, other people's
words; and whether the chances that are told are right.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measures import recognition_report as report
from benchmarks.measures.free_papers import FreeJudge, free_papers
from benchmarks.measures.recognition_judge import Judge, Verdict
from benchmarks.measures.recognition_scans import scanned
from benchmarks.measures.recognition_set import digital, for_a_person, noisy, school_of_600
from benchmarks.proofs.proof import Proof, Result
from ingest.rules.calibration import expected_error
from ingest.service.shipped import shipped

SEEDS = (11, 12, 13)
USUAL = (0.0, 0.003, 0.01)
"""Shares of wrong letters: a text layer, a good scan, a poor one. The bars of filing count here."""
BAD = (0.02, 0.04)
"""Bad scans and faxes: they may ask a person, but may not end in a wrong dossier."""
SCANS = 200
LEAST_TEXTS, LEAST_FILED, LEAST_CATEGORY, LEAST_DATE = 3000, 0.90, 0.97, 0.95
PLOT = Path(__file__).resolve().parents[2] / "docs" / "proof" / "recognition_calibration.svg"


def judge_of(seed: int) -> tuple[Judge, Any]:
    """A judge with what ships, and the school whose papers it judges."""
    school, what = school_of_600(seed), shipped()
    return Judge(school, what.model, what.weighing, what.thresholds), school


def verdicts(seeds: Sequence[int], most_looks: int | None = None) -> dict[float, list[Verdict]]:
    """All papers of the test half by the share of wrong letters."""
    found: dict[float, list[Verdict]] = {rate: [] for rate in (*USUAL, *BAD)}
    for seed in seeds:
        judge, school = judge_of(seed)
        papers = [
            *digital(school, seed, "test", most_looks),
            *for_a_person(school, seed, "test", most_looks),
        ]
        for rate, rows in found.items():
            rows += [judge(noisy(x, rate)) for x in papers]
    return found


def measure(folder: Path) -> Result:
    """Everything; `folder` is not needed."""
    found = verdicts(SEEDS)
    usual = [x for rate in USUAL for x in found[rate]]
    every = [x for rows in found.values() for x in rows]
    main, whole = report.counted(usual), report.counted(every)
    distinct = len({tuple(page.text for page in x.paper.pages) for x in every})
    judge, school = judge_of(SEEDS[0])
    read = [judge(x) for x in scanned(school, SEEDS[0], SCANS)]
    scans = report.counted(read)
    what = shipped()
    free_judge = FreeJudge(what.model, what.weighing, what.thresholds)
    free = [free_judge(x) for x in free_papers(tuning=False)]
    bins, filings = report.category_bins(usual), report.filing_bins(usual)
    PLOT.write_text(
        report.plot(
            (
                ("kind, test layouts", "#1f6f8b", bins),
                ("whole filing, test layouts", "#b5541c", filings),
                ("kind, other people's words", "#5b8c3a", report.category_bins(free)),
            )
        ),
        encoding="utf-8",
    )
    passed = (
        main.filed_share >= LEAST_FILED
        and main.category_share >= LEAST_CATEGORY
        and main.date_share >= LEAST_DATE
        and whole.wrong_dossier == scans.wrong_dossier == 0
        and distinct >= LEAST_TEXTS
        and scans.texts >= SCANS
    )
    return Result(
        passed,
        f"{main.filed_share:.1%} filed, category {main.category_share:.1%}, date {main.date_share:.1%}; "
        f"wrong dossier {whole.wrong_dossier} of {distinct} texts (95 %: at most {report.bound(distinct):.2%}); "
        f"{scans.texts} scans read",
        {
            "pupils": len(school.pupils),
            "categories": len({x.paper.truth.category for x in every}),
            "distinct_texts": distinct,
            "wrong_dossier": whole.wrong_dossier,
            "bound_95": round(report.bound(distinct), 5),
            "calibration_error_kind": round(expected_error(bins), 4),
            "calibration_error_filing": round(expected_error(filings), 4),
            "papers": [
                *(report.counted(found[rate]).row(f"{rate:.1%} wrong letters") for rate in found),
                main.row("usual: the first three"),
                scans.row("real OCR"),
                report.counted(free).row("other people's words"),
            ],
            "kinds": report.by_kind(usual),
            "confusion": report.confusion(usual),
            "confusion_in_other_words": report.confusion(free),
            "kind_told_and_right": report.bin_rows(bins),
            "filing_told_and_right": report.bin_rows(filings),
        },
    )


PROOF = Proof(
    "recognition",
    "Papers find their dossier by themselves",
    f"layouts apart from the tuning: ≥ {LEAST_FILED:.0%} filed, category ≥ {LEAST_CATEGORY:.0%} and date"
    f" ≥ {LEAST_DATE:.0%} right of what was filed; 0 in a wrong dossier of ≥ {LEAST_TEXTS} texts;"
    f" ≥ {SCANS} through real OCR",
    measure,
    ("tests/recognition", "tests/rules/ingest/conftest.py", "benchmarks/measures"),
)
