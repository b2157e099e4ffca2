import ipaddress
import socket

import pytest
from hypothesis import settings

# A property holds or it does not; how long a busy machine takes to see it is no part of it.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def own_data_dir(tmp_path_factory):
    """No test writes into the record of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIAGE_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        patch.delenv("TRIAGE_DATABASE_URL", raising=False)
        yield


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch):
    """No test reaches another machine: what is not loopback is refused before it is tried."""
    connect = socket.socket.connect

    def guarded(self, address):
        if isinstance(address, tuple) and not ipaddress.ip_address(address[0]).is_loopback:
            raise AssertionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
