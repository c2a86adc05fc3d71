"""Words and phrases per category, as data."""
