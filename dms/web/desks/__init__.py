"""A module per desk: its routes, each with the right it needs."""
