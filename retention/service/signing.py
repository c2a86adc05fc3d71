"""Signs certificates, and checks a signed one with nothing but its file and a public key.

Ed25519 (RFC 8032). The private key is derived from a secret that lives in the key store like the keys of documents:
wrapped under the root key, copied and rotated with them. The public key may be given to anybody.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from retention.rules.certificate import Fault, canonical, digest_of, faults_of, follows
from storage.vault import Vault

SCOPE = "certificate-signing"
ALGORITHM = "Ed25519"
LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Verified:
    """What came out: `faults` is empty for a certificate that holds. `body` is what it says."""

    body: Mapping[str, Any]
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.faults


def signed(vault: Vault, body: Mapping[str, Any]) -> str:
    """The certificate as it is given out: JSON text with what it says, its digest and its signature."""
    key = _private(vault)
    raw = canonical(body)
    document = {
        "certificate": body,
        "digest": sha256(raw).hexdigest(),
        "algorithm": ALGORITHM,
        "public_key": fingerprint(key.public_key()),
        "signature": base64.b64encode(key.sign(raw)).decode("ascii"),
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def public_pem(vault: Vault) -> str:
    """The public key as PEM (SubjectPublicKeyInfo, RFC 8410)."""
    key = _private(vault).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def fingerprint(key: Ed25519PublicKey) -> str:
    """The first sixteen digits of the SHA-256 of a public key: to tell keys apart."""
    return sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def verify(text: str, pem: str, before: str | None = None) -> Verified:
    """Check a certificate with a public key and nothing else; with `before` also that it follows that one.

    Raises BadInput for what is no certificate file or no Ed25519 public key at all.
    """
    key = _public(pem)
    document = _document(text)
    body = document["certificate"]
    faults = _against_signature(document, key)
    if not faults:
        faults += faults_of(body)
    if before is not None:
        earlier = verify(before, pem)
        faults += [*earlier.faults, *follows(body, earlier.body)]
    return Verified(body, tuple(faults))


def _against_signature(document: Mapping[str, Any], key: Ed25519PublicKey) -> list[Fault]:
    body = document["certificate"]
    try:
        raw = canonical(body)
        signature = base64.b64decode(str(document["signature"]), validate=True)
        key.verify(signature, raw)
    except (InvalidSignature, ValueError, TypeError, KeyError):
        return [Fault("signature", N_("De handtekening klopt niet: de verklaring is veranderd, of van een ander."))]
    if document.get("algorithm") != ALGORITHM or document.get("digest") != digest_of(body):
        return [Fault("digest", N_("Het bestand om de verklaring heen is veranderd."))]
    return []


def _private(vault: Vault) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(vault.keys.digest_key(SCOPE))


def _public(pem: str) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(pem.encode("ascii"))
    except (ValueError, UnicodeEncodeError) as fault:
        raise _no_key() from fault
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key()
    return key


def _document(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("certificate"), dict):
        raise BadInput(
            N_("Dit bestand is geen verklaring van vernietiging."),
            N_("Geef het JSON-bestand dat `dms retention certificate` schreef."),
            code="no_certificate",
        )
    return found


def _no_key() -> BadInput:
    return BadInput(
        N_("Dit bestand is geen openbare sleutel voor verklaringen."),
        N_("Geef het bestand dat `dms retention public-key` schreef."),
        code="no_public_key",
    )
