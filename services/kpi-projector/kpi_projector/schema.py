"""The projector's tables: the fold's state with its versions, and where it stands in each log."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, SmallInteger, Table, Text

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

CELL_ID = BigInteger().with_variant(Integer, "sqlite")
"""On SQLite an INTEGER key is the row's own number, and needs no index of its own."""

POSITION = Table(
    "position",
    METADATA,
    Column("log", SmallInteger, primary_key=True, autoincrement=False, comment="The log's place in the logs' order."),
    Column("sequence", BigInteger, nullable=False, comment="All events up to it are folded, none beyond."),
    Column("cells", BigInteger, nullable=False, comment="How many cells of the log there are."),
    Column("fold", SmallInteger, nullable=False, comment="The version of the fold that made the state."),
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
