"""Dossiers out of an LVS as one archive: which of its files come in, and whose they are. Pure."""
