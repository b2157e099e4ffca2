"""The server: on loopback, until somebody stops it."""

import ipaddress
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from agent.errors import ConfigurationError
from agent.web.app import app
from agent.web.desk import Desk
from agent.web.door import Door


def bound(host: str, port: int) -> socket.socket:
    """A listening socket on this machine's loopback. Raises ConfigurationError for another address or a taken port."""
    name = "127.0.0.1" if host == "localhost" else host
    try:
        loopback = ipaddress.ip_address(name).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ConfigurationError(
            f"--host {host}: the review page knows one reviewer and serves this machine only; "
            "leave --host out, or give 127.0.0.1"
        )
    listening = socket.socket(socket.AF_INET6 if ":" in name else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((name, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise ConfigurationError(f"--port {port}: {error.strerror}; leave --port out for any free one") from error
    return listening


def server(desk: Desk, door: Door) -> uvicorn.Server:
    """A server for the site, not running yet."""
    return uvicorn.Server(
        uvicorn.Config(
            app(desk, door),
            log_level="warning",
            access_log=False,  # addresses name cases
            server_header=False,
            proxy_headers=False,
            ws="none",
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
    )


def serve(desk: Desk, *, by: str, listening: socket.socket, opens: bool, say: Callable[[str], None]) -> None:
    """Serve until interrupted. `say` is told the link; the browser is opened with another one where it is wanted."""
    host, port = listening.getsockname()[:2]
    door = Door(host=host, port=port, by=by)
    say(door.link())
    if opens:  # the socket listens already: the browser's first request waits until it is answered
        threading.Thread(target=webbrowser.open, args=(door.link(),), daemon=True).start()
    with listening, suppress(KeyboardInterrupt):
        server(desk, door).run(sockets=[listening])
