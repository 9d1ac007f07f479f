"""The CloudEvents JavaScript SDK, unchanged, is a client in all three modes and reads back what was recorded."""

import asyncio
import json
import shutil
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from system import opened, served

HERE = Path(__file__).parent
LOG_ATTRIBUTES = ("sequence", "recordedtime", "subjectversion")


async def run(*command: str | Path) -> bytes:
    """Run a command beside this file, and return what it prints."""
    running = await asyncio.create_subprocess_exec(
        *command, cwd=HERE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, errors = await running.communicate()
    assert running.returncode == 0, errors.decode()
    return output


@pytest.fixture
async def node() -> str:
    """Node.js, with the SDK installed as package-lock.json names it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not on the PATH; the JavaScript SDK is tested where they are")
    installed, lock = HERE / "node_modules" / ".package-lock.json", HERE / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        await run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
    return node


def launched(number: int) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"op-{number}",
        "source": "https://example.org/javascript",
        "type": "org.wcoomd.operation.launched.v1",
        "subject": f"op-{number}",
        "time": "2024-06-26T12:00:00.000Z",
        "note": "kept as it was sent",
        "datacontenttype": "application/json",
        "data": {
            "title": "Opération « Été » 50 % 😀",
            "starts_on": "2024-06-01",
            "ends_on": "2024-06-30",
            "participants": ["KEN", "FRA"],
        },
    }


async def test_what_the_sdk_sends_is_what_it_reads_back(node: str, tmp_path: Path) -> None:
    events = [launched(number) for number in range(4)]
    file = tmp_path / "events.json"
    file.write_text(json.dumps(events))
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path)
        address = await stack.enter_async_context(served(system.app))
        told = json.loads(await run(node, "client.mjs", f"{address}/operations-feed", file))
    posted = told["posted"]
    for mode, sequence in (("structured", 1), ("binary", 2)):
        assert posted[mode]["status"] == 201, posted[mode]
        assert (posted[mode]["body"]["sequence"], posted[mode]["body"]["duplicate"]) == (sequence, False)
    # The first event once more, in another mode, is the same event.
    assert posted["again"] == {"status": 200, "body": posted["structured"]["body"] | {"duplicate": True}}
    assert (posted["batch"]["status"], posted["batch"]["body"]["recorded"]) == (201, 2)
    assert told["sent"] == events
    assert [without(event, LOG_ATTRIBUTES) for event in told["all"]] == events
    assert told["first"] == told["all"][0]
    assert [event["sequence"] for event in told["all"]] == [f"{number:016d}" for number in range(1, 5)]


def without(event: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in names}
