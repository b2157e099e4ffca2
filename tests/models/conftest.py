import threading
from collections.abc import Iterator

import pytest

from .endpoint import Endpoint


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A loopback endpoint whose script has to be played to its end, and no further."""
    yield from serving()


def serving() -> Iterator[Endpoint]:
    """The same for a test that needs a second one."""
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
    assert not server.ran_dry, "more requests than replies"
    assert not server.script, "replies left over"
