"""The one source of chance of the demo: the same words give the same throws, on every machine."""

import random


def repeatable(*words: object) -> random.Random:
    """A random source that depends only on `words`. Not for secrets."""
    return random.Random(" ".join(str(word) for word in words))  # noqa: S311 - invention, not cryptography
