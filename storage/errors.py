"""What can go wrong with objects and keys, in words for people."""

import errno
from uuid import UUID

from dms.kernel.errors import Broken, OutsideDown
from dms.kernel.text import N_

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
"""Error numbers that mean: no room left."""


class ObjectMissing(Broken):
    """A row points at an object that the store does not have."""

    code = "object_missing"

    def __init__(self, object_key: str) -> None:
        super().__init__(
            N_("Het bestand %(object)s staat niet in de opslag."),
            N_("Laat de applicatiebeheerder `dms check` draaien of een reservekopie terugzetten."),
            params={"object": object_key},
        )
        self.object_key = object_key


class BadObjectKey(Broken):
    """A name that may not become an object key; always a fault in the program, never of a user."""

    code = "bad_object_key"

    def __init__(self) -> None:
        super().__init__(
            N_("De naam van een opslagobject klopt niet."),
            N_("Meld dit aan de makers: het is een fout in het programma."),
        )


class Damaged(Broken):
    """Ciphertext that is not, byte for byte, what was written under this id with this key."""

    code = "damaged"

    def __init__(self, object_id: str) -> None:
        super().__init__(
            N_("Het bestand %(object)s is beschadigd of verwisseld en wordt niet getoond."),
            N_("Laat de applicatiebeheerder `dms check --full` draaien en het bestand uit een reservekopie halen."),
            params={"object": object_id},
        )
        self.object_id = object_id


class KeyMissing(Broken):
    """The key store has no living key with this id: lost, destroyed or never made."""

    code = "key_missing"

    def __init__(self, key_id: UUID) -> None:
        super().__init__(
            N_("De sleutel van document %(document)s ontbreekt; zonder sleutel is het bestand niet te lezen."),
            N_("Is het document niet vernietigd? Zet dan de reservekopie van de sleutelkast terug."),
            params={"document": str(key_id)},
        )
        self.key_id = key_id


class KeyDestroyed(KeyMissing):
    """The key was destroyed on purpose; it cannot be made again under the same id."""

    code = "key_destroyed"


class StoreFull(OutsideDown):
    """No room left where objects, keys or job folders are kept."""

    code = "store_full"

    def __init__(self) -> None:
        super().__init__(
            N_("De opslag is vol; er is niets bewaard."),
            N_("Maak ruimte op de schijf of vergroot de opslag. Daarna gaat het werk vanzelf verder."),
        )


class StoreDown(OutsideDown):
    """The object store does not answer or cannot be written."""

    code = "store_down"

    def __init__(self) -> None:
        super().__init__(
            N_("De opslag van bestanden is niet bereikbaar."),
            N_("Probeer het later opnieuw. Blijft het zo, controleer dan de schijf of de opslagserver."),
        )


class KeysDown(OutsideDown):
    """The key store does not answer."""

    code = "keys_down"

    def __init__(self) -> None:
        super().__init__(
            N_("De sleutelkast is niet bereikbaar."),
            N_("Probeer het later opnieuw. Blijft het zo, controleer dan de map of de database van de sleutels."),
        )
