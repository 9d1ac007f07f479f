"""Servers of the benchmarks: each a process of its own, one worker, on a free port of this machine."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from starlette.types import ASGIApp

from wco_common.collector import spare_what_stays

HERE = Path(__file__).parent
_PATIENCE = 600.0
"""Seconds that a server may take to answer; one folds a million events first."""


def serve(make: Callable[[], ASGIApp], http: str | type[asyncio.Protocol] = "httptools") -> None:
    """Serve an app, after saying on stdout at which port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        app = make()
        spare_what_stays()
        config = uvicorn.Config(
            app, loop="uvloop", http=http, access_log=False, proxy_headers=False, log_level="warning"
        )
        uvicorn.Server(config).run([listener])


@contextmanager
def server(script: str, *arguments: str | Path) -> Iterator[str]:
    """Run a script of this folder that serves; give its address once it answers, and end it afterwards."""
    with subprocess.Popen([sys.executable, HERE / script, *arguments], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = f"http://127.0.0.1:{int(process.stdout.readline())}"
            _wait_for(address, process)
            yield address
        finally:
            process.terminate()


def _wait_for(address: str, process: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{address}/livez", timeout=_PATIENCE)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"{process.args!r} does not answer")
