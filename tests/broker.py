"""A broker that a test may kill, hang and start again."""

import os
import signal
from pathlib import Path

from aiokafka.record.memory_records import MemoryRecords

from parts import SETTINGS, Own
from wco_cluster.kafka import kafka as kafka_part


class Broker(Own):
    """A broker of the test's own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(kafka_part(folder, SETTINGS))
        self.folder = folder

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
