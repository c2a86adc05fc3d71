"""What is put in comes out byte for byte, in constant memory, and what was damaged is found and named."""

import json
from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TESTS = ("tests/machines", "tests/houses.py", "tests/conftest.py", "tests/servers")
MEGABYTES, MOST_GROWTH = 500, 32
DAMAGED = 100


def big_file(folder: Path) -> Result:
    """One large file into the vault and out, and through the whole house, on a folder and on S3."""
    paths = ("tests/machines/test_big_file.py", "tests/storage/test_storage_memory.py")
    suite = run_tests(folder, paths, thorough={"DMS_TEST_MEGABYTES": str(MEGABYTES)})
    rows = []
    for place in ("folder", "s3"):
        told = json.loads(suite.told(f"house_{place}") or "{}")
        vault = suite.told("vault_folder" if place == "folder" else "vault_versioned_s3")
        grown, seconds = told.get("grown_mib", {}), told.get("seconds", {})
        rows.append(
            {
                "place": place,
                "vault_mib": int(vault) if vault else None,
                **{f"{step}_mib": grown.get(step) for step in ("in", "read", "out")},
                **{f"{step}_seconds": seconds.get(step) for step in ("in", "read", "out")},
            }
        )
    grew = [row[x] for row in rows for x in ("vault_mib", "in_mib", "read_mib", "out_mib")]
    known = [x for x in grew if isinstance(x, int)]
    return Result(
        suite.green and len(known) == len(grew) and max(known) <= MOST_GROWTH,
        f"{MEGABYTES} MB in and out, at most {max(known, default=-1)} MiB more than a small file takes",
        {"megabytes": MEGABYTES, "growth": rows, "faults": suite.faults},
    )


def damage(folder: Path) -> Result:
    """A bit, a cut, an addition or a swap at random places; and a key that is another or not there."""
    suite = run_tests(folder, ["tests/machines/test_integrity.py"], thorough={"DMS_TEST_FULL": "1"})
    rows = [
        {"damage": x.name.partition("[")[2].rstrip("]"), "done": int(x.told["rounds"]), "found": int(x.told["found"])}
        for x in suite.cases
        if "found" in x.told
    ]
    done, found = sum(int(row["done"]) for row in rows), sum(int(row["found"]) for row in rows)
    keys = [x for x in suite.cases if x.name.startswith("test_a_wrong_or_missing_key")]
    return Result(
        suite.green and done >= DAMAGED and found == done and len(keys) == 2,
        f"{found} of {done} found and named; a wrong and a missing key too",
        {
            "damaged": done,
            "found_and_named": found,
            "keys": {x.name.partition("[")[2].rstrip("]"): x.outcome for x in keys},
            "kinds": rows,
            "faults": suite.faults,
        },
    )


BIG_FILE = Proof(
    "big_file",
    "A file of 500 MB in constant memory",
    f"{MEGABYTES} MB in and out, folder and S3, byte for byte: at most {MOST_GROWTH} MiB more than a small file takes",
    big_file,
    (*TESTS, "tests/storage"),
)
DAMAGE = Proof(
    "damage",
    "Damage is found and named",
    f"a bit flipped anywhere, a swapped, cut or longer object, a wrong or missing key: {DAMAGED} of {DAMAGED} detected,"
    " and the message says which document",
    damage,
    TESTS,
)
