"""Marks texts for translation in places that must not know about languages."""


def N_(text: str) -> str:
    """Return `text` unchanged; the extraction tool collects it for translation."""
    return text
