"""The projector's tables: the fold's state with its versions, and where it stands in each log."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from wco_common.schema import LEASE as LOGS_LEASE

NAMING = {
    "pk": "pk_%(table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
}

METADATA = MetaData(naming_convention=NAMING)

CELL_ID = BigInteger().with_variant(Integer, "sqlite")
"""On SQLite an INTEGER key is the row's own number, and needs no index of its own."""

POSITION = Table(
    "position",
    METADATA,
    Column("log", SmallInteger, primary_key=True, autoincrement=False, comment="The log's place in the logs' order."),
    Column("sequence", BigInteger, nullable=False, comment="All events up to it are folded, none beyond."),
    Column("cells", BigInteger, nullable=False, comment="How many cells of the log there are."),
    Column("fold", SmallInteger, nullable=False, comment="The version of the fold that made the state."),
    Column("log_id", Uuid, comment="Which log is folded; NULL where the log does not say."),
    Column("stopped", Text, comment="Why the event after it cannot be folded, NULL where nothing hinders it."),
    comment="Where the fold stands in each log; moved by compare-and-set together with what it wrote.",
)

EVENT = Table(
    "event",
    METADATA,
    Column("log", SmallInteger, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("recorded_at", BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
    Column("source", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Index(None, "log", "recorded_at", "sequence"),
    comment="What evidence and moments need to know of the events that are folded.",
    sqlite_with_rowid=False,
)

CELL = Table(
    "cell",
    METADATA,
    Column("id", CELL_ID, primary_key=True, autoincrement=False),
    Column("log", SmallInteger, nullable=False),
    Column("bucket", Text, nullable=False, comment="Its kind and group, as they are read together."),
    Column("key", Text, nullable=False),
    Index(None, "bucket", "key", unique=True),
    comment="A fact or a total: see wco_kpi.cell.",
)

VERSION = Table(
    "version",
    METADATA,
    Column("cell", CELL_ID, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False, comment="[sequence, own, sums] as JSON."),
    comment="A cell's content from an event on, until the next version.",
    sqlite_with_rowid=False,
)

QUARANTINE = Table(
    "quarantine",
    METADATA,
    Column("id", CELL_ID, primary_key=True, autoincrement=True),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("written_at", BigInteger, nullable=False, comment="As Kafka has it; microseconds since 1970-01-01 UTC."),
    Column("key", LargeBinary),
    Column("value", LargeBinary),
    Column("headers", Text, nullable=False, comment="[[name, Base64 or null], …] as JSON."),
    Column("reason", Text, nullable=False, comment="Why it is no event of its log."),
    Column("found_at", BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
    # A topic that was made anew has its offsets again, at other times.
    UniqueConstraint("topic", "partition", "offset", "written_at"),
    comment="Records of the topics that are no events of their logs. They have no position.",
)

LEASE = LOGS_LEASE.to_metadata(METADATA)
"""Which instance folds a log, and which instances there are."""
