"""Words that make test papers different ones: two that differ in a word or a figure are taken for one scanned twice."""

from hashlib import sha256


def words_of(mark: str) -> str:
    """Made-up words of some hundred letters, always the same for `mark`."""
    digest = sha256(mark.encode()).hexdigest() + sha256(f"{mark} verder".encode()).hexdigest()
    letters = digest.translate(str.maketrans("0123456789", "ghijklmnop"))
    return " ".join(letters[at : at + 8] for at in range(0, len(letters), 8))
