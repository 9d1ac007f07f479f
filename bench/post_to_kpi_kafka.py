"""From the answer to a POST until the KPI shows the event, at 500 events a second, on PostgreSQL and through Kafka."""

import json

from figure import Figure
from post_to_kpi import measured

RATE = 500
MOST = 250.0


def run() -> list[Figure]:
    """Measure it: the whole of a cluster, with its client, on the one machine."""
    return measured("cluster", RATE, MOST)


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
