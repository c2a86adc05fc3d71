"""Adapters that read files: each runs in a child process with limits."""
