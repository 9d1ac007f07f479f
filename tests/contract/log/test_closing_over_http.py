"""Closing a log over HTTP up to a time that another log has closed: never far ahead of the machine's clock."""

from account_service import asked
from contract.log.conftest import Opening
from wco_common.clock import wall_time
from wco_common.instant import Instant, format_instant

SECOND = 1_000_000


async def test_a_closed_time_is_not_led_ahead_of_the_clock_by_one_request_after_the_other(opening: Opening) -> None:
    async with opening() as log, asked(log, ahead=60) as client:

        async def close(least: Instant) -> int:
            answer = await client.post("/internal/close", params={"least": format_instant(least)})
            return answer.status_code

        # A minute takes longer than the test: what is refused cannot come within reach meanwhile.
        begun = wall_time()
        closed = begun + 30 * SECOND
        assert await close(closed) == 200
        assert log.latest.head.closed == closed
        assert await close(closed + 20 * SECOND) == 200
        assert await close(closed + 20 * SECOND + 59 * SECOND) == 422
        assert (await log.head()).closed == closed + 20 * SECOND


async def test_what_a_log_has_closed_can_be_asked_for_however_far_the_clock_is_behind_it(opening: Opening) -> None:
    async with opening() as log, asked(log, ahead=5) as client:
        closed = wall_time() + 3_600 * SECOND
        await log.close(closed)
        for least, status in ((closed, 200), (closed + 1, 422)):
            answer = await client.post("/internal/close", params={"least": format_instant(least)})
            assert answer.status_code == status
        assert (await log.head()).closed == closed
