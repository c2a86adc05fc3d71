"""Notices by mail: posting a letter, sending what waits, texts of a school, and what a person wants to get."""
