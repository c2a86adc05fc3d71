"""How long everything is kept, and how it ends."""
