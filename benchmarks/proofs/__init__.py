"""The proofs, in the order in which they are done: the quick ones first."""

from benchmarks.proofs import (
    axe,
    bad_files,
    crashes,
    filing,
    fresh_start,
    hostile,
    kill_worker,
    mutation,
    papers,
    rights,
    same_tests,
    search,
    six_writers,
    vault,
)
from benchmarks.proofs.proof import Proof

PROOFS: tuple[Proof, ...] = (
    bad_files.PROOF,
    search.ORACLE,
    search.OTHER_SCHOOL,
    rights.PROOF,
    mutation.PROOF,
    six_writers.PROOF,
    same_tests.PROOF,
    kill_worker.PROOF,
    axe.PROOF,
    filing.SQLITE,
    filing.POSTGRES,
    fresh_start.PROOF,
    vault.DAMAGE,
    vault.BIG_FILE,
    papers.ARCHIVES,
    papers.ERROR_RATES,
    hostile.PROOF,
    crashes.RANDOM,
    crashes.POINTS,
    crashes.FAULTS,
)
