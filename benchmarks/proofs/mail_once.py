"""Five hundred mails from a real IMAP server, through connections that are cut and a process that is killed."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TEST = "tests/sources/test_mail_taken.py"
MAILS = 500


def measure(folder: Path) -> Result:
    """The test of cut connections with five hundred mails."""
    words = ("-k", "test_cut_off_at_random_each_mail_is_taken_exactly_once")
    suite = run_tests(folder, [TEST], thorough={"DMS_TEST_FULL": "1"}, words=words)
    mails, cuts, kills = (int(suite.told(x) or 0) for x in ("mails", "cuts", "kills"))
    return Result(
        suite.green and mails >= MAILS and cuts > 0,
        f"{mails} mails with attachments, {cuts} cuts, {kills} kills; "
        f"{'each taken exactly once, byte for byte' if suite.green else 'NOT each exactly once'}",
        {"mails": mails, "cuts": cuts, "kills": kills, "faults": suite.faults},
    )


PROOF = Proof(
    "mail_once",
    "Mail is taken exactly once",
    f"{MAILS} mails with attachments on a real IMAP server, the connection cut at random: each taken exactly once",
    measure,
    (TEST, "tests/sources/mail_world.py", "tests/sources/conftest.py", "tests/servers/dovecot.py"),
)
