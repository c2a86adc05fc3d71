"""Packages from school to school: forty leavers arrive whole, and no byte of a package can be changed unseen."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TRIP = "tests/received/test_received_round_trip.py"
FORM = "tests/transfers/test_transfer_format.py"
GATE = (
    "tests/transfers/test_transfer_gate.py",
    "tests/transfers/test_transfer_edges.py",
    "tests/transfers/test_transfer_swv.py",
    "tests/received/test_received_edges.py",
    "tests/received/test_received_packages.py",
    "tests/received/test_oso.py",
)
LEAVERS = 40
LONG = 3_600


def measure(folder: Path) -> Result:
    """The round trip of the leavers; a flipped bit in every byte, files too many or too few; every edge of the gate."""
    thorough = {"DMS_TEST_FULL": "1"}
    for part in ("trip", "form", "gate"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    trip = run_tests(folder / "trip", [TRIP], thorough=thorough, seconds=LONG)
    form = run_tests(folder / "form", [FORM], thorough=thorough, seconds=LONG)
    gate = run_tests(folder / "gate", list(GATE), seconds=LONG)
    green = trip.green and form.green and gate.green
    return Result(
        green,
        f"{LEAVERS} leavers: documents byte-same, metadata equal {trip.green}; every changed byte, file and manifest "
        f"refused {form.green}; {len(gate.cases)} tests of the gate and of edge cases {gate.green}",
        {"leavers": LEAVERS, "tests": len(trip.cases) + len(form.cases) + len(gate.cases),
         "faults": [*trip.faults, *form.faults, *gate.faults]},
    )  # fmt: skip


PROOF = Proof(
    "handing_over",
    "What is handed over arrives whole, after the right people saw it",
    f"{LEAVERS} leavers byte-same, metadata equal, mail and office papers too; a flipped bit in every byte refused;"
    " every edge of the gate; no number in any byte to a samenwerkingsverband",
    measure,
    (
        "tests/transfers",
        "tests/received",
        "dms/services/transfers",
        "dms/wire",
        "rights/rules/transfer_gate.py",
        "ingest/service/received",
        "ingest/readers/oso.py",
        "ingest/readers/oso_data.py",
        "ingest/rules/numbers_masked.py",
    ),
)
