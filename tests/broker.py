"""A broker that a test may kill, hang and start again."""

import os
import signal
from pathlib import Path

from aiokafka.record.memory_records import MemoryRecords

from parts import SETTINGS
from wco_cluster.kafka import kafka as kafka_part
from wco_cluster.part import Running, started


class Broker:
    """A broker of the test's own, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.part = kafka_part(folder, SETTINGS)
        self._running: Running | None = None

    async def start(self) -> None:
        self._running = await started(self.part, SETTINGS)

    async def kill(self) -> None:
        if self._running is not None:
            await self._running.kill()
            self._running = None

    def signal(self, number: signal.Signals) -> None:
        assert self._running is not None
        os.kill(self._running.pid, number)

    def producer_of(self, topic: str) -> tuple[int, int]:
        """The id and epoch of the producer of a topic's last batch."""
        records = MemoryRecords((self.folder / "data" / f"{topic}-0" / f"{0:020}.log").read_bytes())
        last = None
        while (batch := records.next_batch()) is not None:
            last = batch
        assert last is not None
        return last.producer_id, last.producer_epoch
