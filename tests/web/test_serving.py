"""On loopback, and nowhere else."""

import pytest

from agent.errors import ConfigurationError
from agent.web import serving


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "example.org", "10.0.0.1", ""])
def test_another_address_is_refused(host):
    """With what it serves and what to do."""
    with pytest.raises(ConfigurationError, match="this machine only"):
        serving.bound(host, 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2"])
def test_loopback_is_bound(host):
    """Any free port, not listening anywhere else."""
    with serving.bound(host, 0) as listening:
        address, port = listening.getsockname()
        assert address.startswith("127.")
        assert port
        with pytest.raises(ConfigurationError, match=f"--port {port}"):
            serving.bound(host, port)
