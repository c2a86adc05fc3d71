"""The small school of the commands' tests, for these tests too."""

from tests.cli.fixtures import document, empty, logging_as_it_was, school

__all__ = ["document", "empty", "logging_as_it_was", "school"]
