"""`wco-kpi heal`: a log that is read-only because its topic is not its own."""

import asyncio
import logging

from aiokafka.errors import KafkaError
from sqlalchemy.exc import SQLAlchemyError

from wco_common.database_url import with_driver
from wco_common.heal import Healed, healing
from wco_common.kafka import KafkaSettings
from wco_common.migrate import upgrade
from wco_common.relay import RelaySettings
from wco_common.taking_back import NotHealed
from wco_common.topics import TopicRefused
from wco_common.writer import CommitInDoubt, NotCommitted
from wco_embedded.logs import LOGS, admitting
from wco_embedded.refusal import Refusal
from wco_events.event_type import LOG_NAMES, LogName


def run(name: str, database: str, empty_topic: bool) -> None:
    """Heal the log in a database, and say what became of it. Raises Refusal."""
    log = next((log for log in LOG_NAMES if log == name), None)
    if log is None:
        raise Refusal(f"LOG is one of {', '.join(LOG_NAMES)}; {name!r} is not.")
    try:
        url = with_driver(database)
    except ValueError as error:
        raise Refusal(f"--database {error}.") from None
    # What the client says of a broker that is not there, the sentence below says.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        healed = asyncio.run(_heal(log, url, KafkaSettings(), empty_topic))
    except NotHealed as error:
        raise Refusal(f"{error}.") from None
    except TopicRefused as error:
        raise Refusal(f"{error}") from None
    except (SQLAlchemyError, NotCommitted, CommitInDoubt) as error:
        raise Refusal(f"the database of {log} cannot be used: {error}".splitlines()[0] + ".") from None
    except (KafkaError, TimeoutError) as error:
        raise Refusal(f"Kafka cannot be used: {error or 'it does not answer'}.") from None
    back = f"it has got {healed.events} event{'s' * (healed.events != 1)} back"
    done = "its topic was emptied, and it is published anew" if empty_topic else back
    print(f"{log} records again, from {healed.head.sequence + 1} on: {done}.")


async def _heal(log: LogName, url: str, kafka: KafkaSettings, empty_topic: bool) -> Healed:
    await upgrade(url, log)
    async with healing(url, kafka, RelaySettings(log=log)) as heals:
        if empty_topic:
            return await heals.empty_topic()
        return await heals.take_back(LOGS[log].decider(), admitting(log))
