"""Apache Kafka as a part: one node in KRaft mode, broker and controller in one process, on 127.0.0.1 alone."""

import asyncio
import base64
import shlex
from functools import partial
from pathlib import Path
from uuid import uuid4

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from wco_cluster.jars import kafka_jars
from wco_cluster.java import java_home
from wco_cluster.part import Part, free_port, prepare, whole
from wco_cluster.settings import ClusterSettings
from wco_embedded.port import HOST

_LOGGING = Path(__file__).with_name("log4j2.properties")

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{reached_at}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers={host}:{controller_port}
log.dirs={data}

# Topics are made by code, with what they need; a name misspelt is an error.
auto.create.topics.enable=false

# One node holds everything once, and its groups need not wait for others to join.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0

# The cleaner takes 128 MB of the heap otherwise.
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=8388608
"""


def kafka(
    folder: Path, settings: ClusterSettings, port: int = 0, controller_port: int = 0, reached_at: int = 0
) -> Part:
    """Prepare a broker whose data are in a folder, and return the part. A port of 0 stands for a free one.

    `reached_at` is the port that it names to clients, where that is another than its own: something stands between.

    The first time, jars are fetched and storage is formatted: this blocks for as long. The ports may be others than
    the last time. A second broker on the same folder is stopped by the lock of a part. The broker's own comes too late:
    it opens the metadata log before, and was seen to do harm to one that is written meanwhile.
    Raises Refusal when Java or the jars cannot be had, PartFailed when storage cannot be formatted.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    properties = partial(
        _PROPERTIES.format,
        host=HOST,
        port=port,
        controller_port=controller_port or free_port(),
        reached_at=reached_at or port,
    )
    java = (
        str(java_home() / "bin" / "java"),
        f"-Xmx{settings.kafka_heap}m",
        "-XX:+ExitOnOutOfMemoryError",  # and be started again, rather than go on half dead
        "-Djava.awt.headless=true",
        f"-Dlog4j2.configurationFile={_LOGGING}",
        *shlex.split(settings.kafka_java_options),
        *("-cp", f"{kafka_jars(settings)}/*"),
    )
    configuration = folder / "server.properties"
    part = Part(
        name="kafka",
        port=port,
        command=(*java, "kafka.Kafka", str(configuration)),
        output=folder / "kafka.log",
        answers=partial(_answers, port),
    )
    data = folder / "data"
    if not data.is_dir():
        with whole(data) as new:
            configuration.write_text(properties(data=new), encoding="utf-8")
            cluster = base64.urlsafe_b64encode(uuid4().bytes).rstrip(b"=").decode()
            storage_tool = ("kafka.tools.StorageTool", "format", "--standalone", f"--cluster-id={cluster}", "--config")
            prepare(part, (*java, *storage_tool, str(configuration)), settings)
    configuration.write_text(properties(data=data), encoding="utf-8")
    return part


async def _answers(port: int) -> bool:
    """Say whether a broker answers a metadata request, and so takes part in its cluster."""
    try:  # the client would write an error line each time that there is nobody yet
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    client = AIOKafkaClient(bootstrap_servers=f"{HOST}:{port}")
    try:
        await client.bootstrap()
        return bool(client.cluster.brokers())
    except KafkaError:
        return False
    finally:
        await client.close()
