"""Retention and disposal as people use them."""
