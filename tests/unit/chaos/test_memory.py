"""What readers remember is compared with what is answered later, byte for byte."""

from random import Random

import httpx
import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chaos.findings import Findings
from chaos.reader import Answered, Memory, Projector

ASKED = Answered("scorecard", {"period": "2022-23", "as_of": "2023-01-01"}, b"as it was")


@pytest.fixture
def findings() -> Findings:
    return Findings()


@pytest.fixture
def memory(findings: Findings) -> Memory:
    return Memory(Random(1), findings)


async def compared(memory: Memory, status: int, body: bytes) -> bool:
    """Compare what is remembered with what a projector of the test's own answers."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        assert (scope["path"], scope["query_string"]) == ("/base/v1/scorecard", b"period=2022-23&as_of=2023-01-01")
        await Response(body, status)(scope, receive, send)

    transport = httpx.ASGITransport(answer)
    async with httpx.AsyncClient(transport=transport, base_url="http://projector.test") as client:
        return await memory.compare(Projector(client, "/base"), ASKED)


async def test_the_same_bytes_are_the_same_answer(memory: Memory, findings: Findings) -> None:
    assert await compared(memory, 200, b"as it was")
    assert (memory.compared, findings.all) == (1, [])


async def test_another_byte_is_found(memory: Memory, findings: Findings) -> None:
    assert await compared(memory, 200, b"As it was")
    (found,) = findings.all
    assert "was answered b'as it was', and is now b'As it was'" in found


@pytest.mark.parametrize("status", [503, 504])
async def test_no_answer_is_none(memory: Memory, findings: Findings, status: int) -> None:
    assert not await compared(memory, status, b"")
    assert (memory.compared, memory.unanswered, findings.all) == (0, 1, [])


@pytest.mark.parametrize("status", [404, 422, 500])
async def test_that_there_is_nothing_of_a_moment_that_there_was_is_found(
    memory: Memory, findings: Findings, status: int
) -> None:
    assert not await compared(memory, status, b"no such moment")
    assert len(findings.all) == 1
