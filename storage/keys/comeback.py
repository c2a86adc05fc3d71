"""Back from paper: a root key whose file was lost, from its recovery sheet."""

from collections.abc import Sequence
from pathlib import Path

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from storage.keys.port import KeyStore
from storage.keys.recovery import read_recovery_sheet
from storage.keys.root import place_roots
from storage.keys.wrap import Root


def recover_roots(keys: KeyStore, file: Path, sheets: Sequence[str]) -> list[str]:
    """Write the roots of `sheets` (texts, the newest first) to `file`, which must not be there. Returns their marks.

    Raises `BadInput` for a sheet with a mistake, and where keys in the store are under a root of which there is no
    sheet here; then nothing is written. `Conflict` when there is a root key already.
    """
    roots = [read_recovery_sheet(text) for text in sheets]
    marks = [Root(root).fingerprint for root in roots]
    in_use = {mark for mark, count in keys.roots_in_use().items() if count}
    lacking = sorted(in_use - set(marks))
    if lacking or not in_use & set(marks):
        raise BadInput(
            N_("Dit herstelblad hoort niet bij deze sleutelkast."),
            N_(
                "Neem het blad met kenmerk %(marks)s. Is er geen sleutelkast meer, zet dan eerst het tweede exemplaar"
                " terug."
            ),
            code="other_root",
            params={"marks": ", ".join(lacking) or "?"},
        )
    place_roots(file, roots)
    return marks
