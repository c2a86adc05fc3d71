"""Replacing the root key. Every step may be the last before a power cut; the same call again goes on from there.

1. The new root is written before the old one where running processes find both.
2. Keys are rewrapped in batches. New keys get the new root from the first batch on; both generations are readable.
3. When no key is left under the old root, the old one goes from the file.

Left to people: a backup of the key store from before still needs the old root, so its recovery sheet stays as long as
such a backup does. Only one rotation may run at a time: the caller sees to that.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dms.kernel.crashpoints import CrashPoint, reached
from dms.kernel.errors import OutsideDown, SetupWrong
from dms.kernel.text import N_
from storage.keys.port import KeyStore
from storage.keys.ring import RootSource
from storage.keys.root import new_root, write_roots
from storage.keys.wrap import Root

BATCH = 500
PAUSE_SECONDS = 0.02
"""Between batches, so that others who need keys get their turn."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation came to: how many keys this run rewrapped, and the mark of the root that all are under now.

    `old_stays`: the old root is still given to the service from outside; a person has to take it away.
    """

    rewrapped: int
    fingerprint: str
    old_stays: bool


def rotate_all(
    keys: KeyStore, roots: RootSource, file: Path | None, went_on: Callable[[int], None], batch: int = BATCH
) -> Rotated:
    """Put all keys under a new root. `file` is where the roots lie, None where they come from outside.

    `went_on` is told after each batch how many keys this run has rewrapped, and may raise to stop. A file with two
    roots is a rotation that was broken off: it is finished. Raises `SetupWrong` where no new root is at hand and none
    can be written, `OutsideDown` when somebody keeps making keys under the old one.
    """
    held = list(roots())
    if len(held) == 1:
        if file is None:
            raise SetupWrong(
                N_("Er is nog geen nieuwe hoofdsleutel om naar over te gaan."),
                N_(
                    "Maak 64 willekeurige tekens 0-9 en a-f (`openssl rand -hex 32`), geef ze vóór de oude hoofdsleutel"
                    " (met een komma ertussen), start de dienst opnieuw en voer deze opdracht dan weer uit."
                ),
                code="no_new_root",
            )
        held = [new_root(), *held]
        write_roots(file, held)
        reached(CrashPoint.ROOTS_WRITTEN)
    newest = held[0]
    done = 0
    while count := keys.rotate(newest, batch):
        done += count
        went_on(done)
        time.sleep(PAUSE_SECONDS)
    reached(CrashPoint.KEYS_ALL_ROTATED)
    fingerprint = Root(newest).fingerprint
    if any(count for root, count in keys.roots_in_use().items() if root != fingerprint):
        raise OutsideDown(
            N_("Nog niet alle sleutels zijn overgezet."),
            N_("Voer `dms keys rotate` opnieuw uit: het gaat verder waar het was."),
            code="rotation_unfinished",
        )
    if file is not None:
        write_roots(file, [newest])
        reached(CrashPoint.ROOTS_DROPPED)
    return Rotated(done, fingerprint, old_stays=file is None)
