"""The intake pipeline and the desk."""
