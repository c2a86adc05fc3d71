"""Measuring: `bench` for speed side by side, `prove` for what must hold. No test depends on time measured here."""
