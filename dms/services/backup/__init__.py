"""Backups: made while the service runs, under a key that expires; put back whole or not at all."""
