"""What the tests of formats share: LibreOffice, which they need, and houses with and without it."""

from pathlib import Path

import pytest

from ingest.readers.officeplace import find


@pytest.fixture(scope="session")
def libreoffice() -> Path:
    """LibreOffice's folder; `make test` installs it, elsewhere the tests that need it say so."""
    found = find("")
    if found is None:
        pytest.skip("needs LibreOffice: make setup-tests")
    return found
