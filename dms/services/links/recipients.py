"""Who a link is for. Name and e-mail address stand sealed under the pupil's key; links are found by a keyed digest."""

import json
from dataclasses import dataclass
from uuid import UUID

from dms.db.tables import ScopedLinkRow
from dms.kernel.digest import keyed_digest
from dms.services.pupil_words import fold
from storage.errors import KeyMissing
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Recipient:
    """The receiver as the maker named her. `email` may be empty."""

    name: str
    email: str = ""


NOBODY = Recipient("")
"""Where the pupil's key is gone, nobody knows any more whom the link was for."""


def column_of(link_id: UUID) -> str:
    """The name under which the receiver of a link is sealed."""
    return f"link-recipient-{link_id}"


def sealed(vault: Vault, pupil_id: UUID, link_id: UUID, recipient: Recipient) -> bytes:
    """The receiver, to be kept with the link."""
    said = {"name": recipient.name, "email": recipient.email}
    return vault.seal(pupil_id, column_of(link_id), json.dumps(said, ensure_ascii=False).encode())


def recipient_of(vault: Vault, link: ScopedLinkRow) -> Recipient:
    """Whom the link is for; nobody where that is forgotten."""
    if link.recipient_sealed is None:
        return NOBODY
    try:
        said = json.loads(vault.unseal(link.pupil_id, column_of(link.id), link.recipient_sealed))
    except KeyMissing:
        return NOBODY
    return Recipient(said["name"], said["email"])


def digest_of(vault: Vault, school_id: UUID, recipient: Recipient) -> str:
    """The same for the same receiver at a school: by e-mail address, or by name where there is none."""
    who = f"mail:{recipient.email.casefold()}" if recipient.email else f"name:{' '.join(fold(recipient.name).split())}"
    return keyed_digest(vault.keys.digest_key(f"link-recipient:{school_id}"), who.encode())
