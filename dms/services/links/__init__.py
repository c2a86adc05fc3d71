"""Scoped links: sharing a part of a dossier with somebody outside, for a purpose and a time, and taking it back."""
