"""A house, and real servers for mail and viruses, that the tests of the sources share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import houses
from tests.servers.dovecot import DovecotServer
from tests.servers.run import Run
from tests.sources.mail_world import MailWorld, server_or_skip


@pytest.fixture(scope="module")
def shared_house(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[houses.House]:
    """One house for all tests of a module: each works with a mailbox of its own."""
    made = houses.copy(house_template, tmp_path_factory.mktemp("sources") / "house")
    yield made
    made.app.close()


@pytest.fixture(scope="session")
def dovecot(run: Run) -> DovecotServer:
    """The IMAP server of this run."""
    return server_or_skip(run)


@pytest.fixture
def mailbox(shared_house: houses.House, dovecot: DovecotServer, monkeypatch: pytest.MonkeyPatch) -> MailWorld:
    """A new mailbox, and trust in the server's CA."""
    monkeypatch.setenv("SSL_CERT_FILE", dovecot.authority)
    return MailWorld.make(shared_house, dovecot)
