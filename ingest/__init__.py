"""The way in: sources, readers, recognition and the intake pipeline."""
