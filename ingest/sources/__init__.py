"""Adapters that receive files."""
