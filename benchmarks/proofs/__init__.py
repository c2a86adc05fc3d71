"""The proofs, in the order in which they are done: the quick ones first."""

from benchmarks.proofs import (
    axe,
    bad_files,
    filing,
    fresh_start,
    kill_worker,
    rights,
    same_tests,
    search,
    six_writers,
)
from benchmarks.proofs.proof import Proof

PROOFS: tuple[Proof, ...] = (
    bad_files.PROOF,
    search.ORACLE,
    search.OTHER_SCHOOL,
    rights.PROOF,
    six_writers.PROOF,
    same_tests.PROOF,
    kill_worker.PROOF,
    axe.PROOF,
    filing.SQLITE,
    filing.POSTGRES,
    fresh_start.PROOF,
)
