"""Administration: schools, groups, colleagues, categories, sources and settings, each checked before it is saved."""
