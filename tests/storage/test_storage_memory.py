"""Large files pass through in constant memory, on every backend."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MEGABYTES = int(os.environ.get("DMS_TEST_MEGABYTES") or 100)  # noqa: TID251 - how thorough this run is
MOST_GROWTH = 32
"""MiB above what a small object took: some parts of a transfer, whatever the size of the whole."""
SCRIPT = """
import sys
from pathlib import Path
from uuid import uuid4
from storage.factory import open_keys, open_store
from storage.keys.root import given_roots
from storage.vault import Vault

url, keys, megabytes = sys.argv[1], sys.argv[2], int(sys.argv[3])
vault = Vault(open_store(url), open_keys(keys, given_roots("ab" * 32)))
document, block = uuid4(), bytes(range(256)) * 4096
small = uuid4()
ref = vault.put(small, "original", 1, [b"warm" * 3_000_000], digest_scope="99XX")
assert len(vault.read(small, ref.object_key, 1, 20_000_000)) == 12_000_000
peak = lambda: int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew from here
before = peak()
ref = vault.put(document, "original", 1, (block for _ in range(megabytes)), digest_scope="99XX")
size = 0
with vault.open(document, ref.object_key, 1) as pieces:
    for piece in pieces:
        size += len(piece)
assert size == ref.size_plain == megabytes * len(block)
assert b"".join(vault.read_range(document, ref.object_key, 1, size - 5, 5)) == block[-5:]
vault.delete(ref.object_key)
print((peak() - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["folder", pytest.param("versioned_s3", marks=pytest.mark.s3)])
def test_constant_memory(kind: str, request: pytest.FixtureRequest, tmp_path: Path, record_property) -> None:
    url = str(request.getfixturevalue(f"{kind}_url"))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, url, str(tmp_path / "keys"), str(MEGABYTES)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode == 0, done.stderr
    grown = int(done.stdout)
    record_property(f"vault_{kind}", grown)
    assert grown < MOST_GROWTH, f"{grown} MiB more than before"
