"""Dossierkluis: document management for Dutch school pupil dossiers."""
