"""Each service does what its OpenAPI document says, and nothing else, whatever it is sent (schemathesis)."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from histories import history
from system import opened, restored, served

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
SETTINGS = Path(__file__).with_name("schemathesis.toml")


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """Where all four services answer, with some history; what is waited for in vain is waited for briefly."""
    await restored(tmp_path, history(seed=1, events=120))
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path, wait=0.1)
        yield await stack.enter_async_context(served(system.app))


@pytest.mark.parametrize("service", ["plan-registry", "survey-intake", "operations-feed", "kpi-projector"])
async def test_a_service_answers_as_its_document_says(address: str, service: str, tmp_path: Path) -> None:
    running = await asyncio.create_subprocess_exec(
        *(SCHEMATHESIS, "--config-file", SETTINGS, "run", f"{address}/{service}/openapi.json"),
        *("--url", f"{address}/{service}"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=tmp_path,
    )
    output, _ = await running.communicate()
    assert running.returncode == 0, output.decode()
