"""One installation for all tests that change nothing in it, and the logging as it was: fixtures of several rooms."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.cli.small_school import Installation, furnish


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Commands set up the log of their process."""
    handlers, level = logging.getLogger().handlers, logging.getLogger().level
    yield
    logging.getLogger().handlers, logging.getLogger().level = handlers, level
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Two schools, four users, forty pupils and one filed document."""
    made = furnish(tmp_path_factory.mktemp("school"))
    made.filed()
    return made


@pytest.fixture(scope="session")
def document(school: Installation) -> str:
    """The id of a document that is filed."""
    return school.filed(1)


@pytest.fixture
def empty(tmp_path: Path) -> Installation:
    """A folder without an installation."""
    return Installation(tmp_path)
