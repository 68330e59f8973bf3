"""Serving the pages: Django under waitress, in this process, until it is told to stop."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType

from django.core.handlers.wsgi import WSGIHandler
from waitress.server import create_server

from probity.errors import StoreError


def serve(host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM. ``ready`` is told the address once it answers. Raises StoreError.

    Ctrl-C leaves by KeyboardInterrupt, so that whoever opened the house closes it.
    """
    require_free(host, port)
    server = create_server(WSGIHandler(), host=host, port=port, threads=8, ident="probity")
    signal.signal(signal.SIGTERM, _stop)
    ready(f"http://{host}:{server.effective_port}")
    try:
        server.run()
    finally:
        server.close()


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def require_free(host: str, port: int) -> None:
    """Raise StoreError if nobody can listen there: better before long work than after it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StoreError(
                f"port {port} on {host} cannot be used: {error.strerror}",
                remedy="Another program may be using it; choose another with --port.",
            ) from error
