"""A log is closed over HTTP for the services beside it, up to a time that another log has closed already."""

import time

import httpx
import pytest

from wco_common.instant import format_instant
from wco_common.log_client import LogClient
from wco_common.log_service import LogService
from wco_common.problem import Unavailable


def now() -> int:
    return time.time_ns() // 1000


async def test_to_close_it_is_to_ask_for_its_head_after_it(client: httpx.AsyncClient, service: LogService) -> None:
    asked = now()
    head = await LogClient("operations-feed", client).close()
    assert head == await service.log.head()
    assert asked <= head.closed <= now()


async def test_it_reaches_a_time_that_another_log_has_closed_though_its_clock_is_behind(
    client: httpx.AsyncClient, service: LogService
) -> None:
    least = now() + 4_000_000
    # It is led no further; but the clock may have come to it meanwhile.
    assert least <= (await LogClient("operations-feed", client).close(least)).closed <= max(least, now())


@pytest.mark.parametrize(
    ("least", "why"),
    [
        (format_instant(now() + 24 * 3_600_000_000), "is more than 5 s ahead of "),
        ("9999-12-31T23:59:59Z", "is more than 5 s ahead of "),
        ("tomorrow", "is not an RFC 3339 time"),
    ],
    ids=["in a day", "at the end of time", "no time"],
)
async def test_a_time_that_could_never_be_taken_back_is_refused(
    client: httpx.AsyncClient, service: LogService, least: str, why: str
) -> None:
    before = await service.log.head()
    answer = await client.post("/internal/close", params={"least": least})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/least"
    assert why in answer.json()["detail"]
    assert await service.log.head() == before


async def test_it_is_not_part_of_what_clients_are_told(client: httpx.AsyncClient) -> None:
    assert not any("internal" in path for path in (await client.get("/openapi.json")).json()["paths"])


async def test_another_service_at_the_address_of_a_log_is_not_taken_for_it(client: httpx.AsyncClient) -> None:
    with pytest.raises(Unavailable, match="at the address of survey-intake operations-feed answers"):
        await LogClient("survey-intake", client).close()


async def test_what_is_no_log_service_is_not_taken_for_one() -> None:
    page = httpx.MockTransport(lambda request: httpx.Response(200, text="<html>"))
    async with httpx.AsyncClient(transport=page, base_url="http://page.test") as client:
        for asking in (LogClient("operations-feed", client).close(), LogClient("operations-feed", client).lines(0, 1)):
            with pytest.raises(
                Unavailable, match="operations-feed cannot be asked: its answer is another than a log's"
            ):
                await asking
