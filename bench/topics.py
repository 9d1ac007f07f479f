"""A bundle in Kafka's topics, as relays would have published it; and how far a projector has folded it."""

import asyncio
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL

from kpi_projector.serving import StateId
from running_parts import connected, program, running, text
from wco_cluster.part import Running
from wco_common.bundle import log_file
from wco_common.event import decode_recorded
from wco_common.event_record import event_record
from wco_common.instant import parse_instant
from wco_common.kafka import KafkaSettings
from wco_common.log import Head
from wco_common.mark import Mark
from wco_common.producer import Producer, Record
from wco_common.topics import ensure_topics, events_topic, marks_topic
from wco_common.trace_context import NO_TRACE
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.fold import FOLD_VERSION

STATE = StateId(FOLD_VERSION, "").schema
"""The schema of the state that is folded."""

TABLES = ("event", "cell", "version")
"""What a fold writes, but for the three rows of positions."""

INSTANCES = int(os.environ.get("BENCH_INSTANCES", "2"))
"""Of the projector, which share the logs: as many as there are cores."""

_LINES = 2_000
_BATCH_BYTES = 524_288
_PATIENCE = 60.0
_NOBODY = "http://127.0.0.1:9"


async def published(bundle: Path, kafka: KafkaSettings) -> dict[LogName, int]:
    """Publish a bundle's logs, with a mark of each at its end, and return how many events each has."""
    await ensure_topics([marks_topic(kafka), *(events_topic(log, kafka) for log in LOG_NAMES)], kafka)
    numbers: dict[LogName, int] = {}
    async with Producer(kafka, batch_bytes=_BATCH_BYTES, patience=_PATIENCE) as producer:
        for log in LOG_NAMES:
            number, offset, last = 0, 0, b""
            with (bundle / log_file(log)).open("rb") as file:
                while lines := [line.rstrip(b"\n") for line in islice(file, _LINES)]:
                    records = [event_record(decode_recorded(line).subject, line, NO_TRACE) for line in lines]
                    while records:
                        written = await producer.write(events_topic(log, kafka).name, records)
                        records, offset = records[written.records :], written.offset + written.records
                    number, last = number + len(lines), lines[-1]
            head = Head(number, parse_instant(decode_recorded(last).recordedtime))
            mark = Mark.of(log, uuid4(), head, offset)
            await producer.write(marks_topic(kafka).name, [Record(mark.key(), mark.value(), [])])
            numbers[log] = number
    return numbers


@contextmanager
def projectors(folder: Path, database: URL, kafka: KafkaSettings) -> Iterator[list[Running]]:
    """Have instances of the projector fold the topics into a database. No log answers: they have the topics alone."""
    environment = {
        "WCO_KPI_PROJECTOR_DATABASE_URL": text(database),
        "WCO_KPI_KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        **{f"WCO_KPI_LOG_CLIENT_{log.replace('-', '_').upper()}": _NOBODY for log in LOG_NAMES},
        "WCO_KPI_LOG_LEVEL": "error",
    }
    parts = [
        program(folder / f"{number}", "kpi-projector", "kpi_projector.program:app", environment)
        for number in range(INSTANCES)
    ]
    with running(*parts) as processes:
        yield processes


class Folding:
    """How far a projector has folded the logs that it folds."""

    def __init__(self, database: URL, numbers: Mapping[LogName, int]) -> None:
        self._database = database
        self._events = sum(numbers.values())

    async def until(self, share: float = 1.0) -> tuple[float, int]:
        """Return when so much is folded: the time, by `time.perf_counter`, and how many events are."""
        connection = await connected(self._database)
        try:
            while True:
                folded = int(await connection.fetchval(f"SELECT coalesce(sum(sequence), 0) FROM {STATE}.position"))
                if folded >= share * self._events:
                    return time.perf_counter(), folded
                await asyncio.sleep(0.05)
        finally:
            await connection.close()


def resident(processes: Sequence[Running]) -> float:
    """Return how much memory the largest of some processes has now, in MiB."""
    return max(map(_resident, processes))


def _resident(process: Running) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))) / 1024
