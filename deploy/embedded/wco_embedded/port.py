"""The port that all services answer at."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from wco_embedded.refusal import Refusal

HOST = "127.0.0.1"


@contextmanager
def bound(port: int) -> Iterator[socket.socket]:
    """Hold a port of this machine (0: a free one) without listening yet. Raises Refusal when another has it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        # So that a port can be used again at once; not while another listens at it.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise Refusal(f"{HOST}:{port} cannot be used: {error.strerror}. Name another --port.") from None
        yield listener
