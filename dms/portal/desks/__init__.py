"""A module per desk: its routes, each with the door that it stands behind."""
