"""A program that answers HTTP, as a part: served by uvicorn, asked whether it is alive."""

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import httpx

from wco_cluster.part import Part
from wco_embedded.port import HOST

UVICORN = {
    "UVICORN_LOOP": "uvloop",
    "UVICORN_HTTP": "wco_common.answering:OneWriteProtocol",
    "UVICORN_WS": "none",
    "UVICORN_ACCESS_LOG": "false",
    "UVICORN_SERVER_HEADER": "false",
    "UVICORN_PROXY_HEADERS": "false",  # nothing asks who the client is
    "UVICORN_LOG_LEVEL": "warning",
    "UVICORN_TIMEOUT_KEEP_ALIVE": "75",  # longer than the proxy keeps a connection
    "UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN": "10",
}
"""How uvicorn serves each of the programs, as variables that it reads; the image of compose has the same."""


def web(folder: Path, name: str, app: str, port: int, environment: Mapping[str, str], prefix: str = "") -> Part:
    """Return the program that serves an app, `module:factory`, which answers as under a prefix of the one address."""
    folder.mkdir(parents=True, exist_ok=True)
    at = ("--host", HOST, "--port", str(port), *(("--root-path", prefix) if prefix else ()))
    return Part(
        name=name,
        port=port,
        command=(sys.executable, "-m", "uvicorn", "--factory", app, *at),
        output=folder / f"{name}.log",
        answers=partial(answers_http, port, "/livez"),
        environment={**UVICORN, **environment},
    )


async def answers_http(port: int, path: str) -> bool:
    """Say whether a program answers a request, and well."""
    try:
        async with httpx.AsyncClient(timeout=None, trust_env=False, verify=False) as client:
            return (await client.get(f"http://{HOST}:{port}{path}")).is_success
    except httpx.HTTPError:
        return False
