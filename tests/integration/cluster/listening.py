"""A small program to be supervised: it listens, unless a file in its folder hinders it."""

import asyncio
import sys
from functools import partial
from pathlib import Path

from wco_cluster.part import Part, free_port

_LISTENS = """
import pathlib, socket, sys
folder, port = pathlib.Path(sys.argv[1]), int(sys.argv[2])
if (folder / "hindrance").exists():
    sys.exit("something hinders it")
with socket.create_server(("127.0.0.1", port)) as server:
    while True:
        server.accept()[0].close()
"""


def part(folder: Path) -> Part:
    """Return the part, at a port of its own."""
    port = free_port()
    command = (sys.executable, "-c", _LISTENS, str(folder), str(port))
    return Part("example", port, command, folder / "output", partial(_answers, port))


async def _answers(port: int) -> bool:
    """It does once it has taken the connection, and closed it, itself: the kernel takes them for one that hangs."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        return await reader.read() == b""
    except OSError:
        return False
    finally:
        writer.close()
