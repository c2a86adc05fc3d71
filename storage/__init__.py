"""Encrypted object storage: the port, the envelope, the keys and one module per backend."""
