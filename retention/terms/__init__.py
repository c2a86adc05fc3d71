"""The terms of placements: facts gathered, decided by the rules and written down. Lies below all services."""
