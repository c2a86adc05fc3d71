"""Makes what recognition ships with: `dms/defaults/recognition.bin` and `recognition.json`.

    python -m benchmarks.recognition_table [--seeds 1,2] [--looks 6]

Out of the tuning half of the invented papers and the tuning papers written by hand; the test halves are not looked at.
Minutes on one core. Run it again after changing rules, then run the proof `recognition`.
"""

import argparse
import json
from pathlib import Path

from benchmarks.measures.free_papers import FreeJudge, free_papers
from benchmarks.measures.recognition_fit import (
    Judged,
    category_curves,
    date_curve,
    first_model,
    pupil_curve,
    share_of,
    thresholds_of,
    worn,
)
from benchmarks.measures.recognition_judge import Judge
from benchmarks.measures.recognition_set import TODAY, Paper, digital, school_of_600
from ingest.rules.learned.combine import Weighing
from ingest.service.shipped import MODEL, TABLE

OUT = Path(__file__).resolve().parents[1] / "dms" / "defaults"
FREE_WEIGHT = 4
"""A paper in other people's words says as much as so many of the generator's."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="1,2")
    parser.add_argument("--looks", type=int)
    asked = parser.parse_args()
    seeds = [int(x) for x in asked.seeds.split(",")]
    schools = {seed: school_of_600(seed) for seed in seeds}
    papers = [(seed, x) for seed in seeds for x in digital(schools[seed], seed, "tune", asked.looks)]
    names = sorted({x.look for _, x in papers})
    apart = frozenset(names[::2])  # looks that the model of the fitting has not seen
    fitting = first_model(x for _, x in papers if x.look not in apart)
    judges = {seed: Judge(schools[seed], fitting, Weighing()) for seed in seeds}
    judged: list[Judged] = []
    for seed in seeds:
        mine = [x for owner, x in papers if owner == seed and x.look in apart]
        judged += _judged(judges[seed], [*worn(mine, seed), *worn(mine, seed + 100)])
    free = _judged(FreeJudge(fitting, Weighing()), free_papers(tuning=True))
    mixed = [*judged, *free * FREE_WEIGHT]
    share = share_of(mixed)
    curve, words_curve = category_curves(mixed, share)
    weighing = Weighing(1.0, share, curve, words_curve)
    general, own = thresholds_of(mixed, weighing)
    model = first_model(x for _, x in papers).to_bytes()
    (OUT / MODEL).write_bytes(model)
    table = {
        "rules": 1.0,
        "learned": share,
        "category_curve": curve.points,
        "words_curve": words_curve.points,
        "date_curve": date_curve(judged).points,
        "pupil_curve": pupil_curve(judged, judges[seeds[0]]).points,
        "threshold": general,
        "thresholds": own,
        "measured": {
            "on": TODAY.isoformat(),
            "papers": len(judged),
            "free_papers": len(free),
            "looks": len(names),
            "model_bytes": len(model),
        },
    }
    (OUT / TABLE).write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({k: v for k, v in table.items() if not k.endswith("curve")}, indent=1))


def _judged(judge: Judge, papers: list[Paper]) -> list[Judged]:
    return [Judged(x, judge.look(x.pages)) for x in papers]


if __name__ == "__main__":
    main()
