"""A program that pays into one account, several payments at a time, and tells of each once it is recorded.

    python appending.py URL NAME COUNT

The ids of the payments begin with NAME. A line is an event's id and its sequence.
"""

import asyncio
import sys

from accounts import LOG, Accounts, opened, paid
from wco_common.clock import SystemClock
from wco_common.event import Event
from wco_common.sql_log import open_log

AT_A_TIME = 8


async def main(url: str, name: str, count: int) -> None:
    async with open_log(LOG, url, Accounts(), SystemClock(5)) as log:

        async def record(event: Event) -> None:
            (receipt,) = await log.appender.append([event])
            print(event.id, receipt.sequence, flush=True)

        async def pay(payments: range) -> None:
            for number in payments:
                await record(paid("a", f"{name}{number}"))

        await record(opened("a", "opening"))
        await asyncio.gather(*(pay(range(first, count, AT_A_TIME)) for first in range(AT_A_TIME)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
