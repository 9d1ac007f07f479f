"""The tables of one log. They are made by `log_migrations`, which the tests hold against this.

One database holds one log. The event table is the log, and also what it publishes from (no second outbox).
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint, Uuid

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

_POSITION = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit integer; as a primary key SQLite makes it the row's own id only by the name INTEGER."""

EVENT = Table(
    "event",
    METADATA,
    Column("sequence", _POSITION, primary_key=True, autoincrement=False),
    Column("recorded_at", BigInteger, nullable=False, comment="microseconds since 1970-01-01T00:00:00Z"),
    Column("key", LargeBinary, nullable=False, comment="SHA-256 of the canonical JSON of [source, id]"),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subjectversion", BigInteger, nullable=False),
    Column("traceparent", Text),
    Column("tracestate", Text),
    Column("body", LargeBinary, nullable=False, comment="the canonical bytes of the recorded event"),
    # A source can be longer than what a B-tree of PostgreSQL takes (2,704 bytes), a digest never is.
    UniqueConstraint("key"),
    Index(None, "type", "sequence"),
    Index(None, "subject", "sequence"),
)
"""The events, append-only (a trigger refuses anything else). `sequence` is dense, in commit order."""

HEAD = Table(
    "head",
    METADATA,
    Column("log", Text, primary_key=True),
    Column("log_id", Uuid, nullable=False, comment="born with the log; a log restored or begun anew has another"),
    Column("sequence", BigInteger, nullable=False),
    Column("closed", BigInteger, nullable=False, comment="microseconds; no later event is recorded up to here"),
    Column("read_only", Text, comment="why nothing may be recorded, NULL where nothing hinders it"),
)
"""The one row that says how far the log is. Whoever appends holds its lock."""

ENTITY = Table(
    "entity",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False, comment="JSON, as the decider of the log made it"),
    sqlite_with_rowid=False,
)
"""The decider's states: what the events up to the head amount to."""

SUBJECT = Table(
    "subject",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("version", BigInteger, nullable=False, comment="how many events the subject has"),
    Column("sequence", BigInteger, nullable=False, comment="of its last event"),
    sqlite_with_rowid=False,
)
"""The subjects' versions. A table of its own: the last of a subject's events by index costs more the more it has."""

LEASE = Table(
    "lease",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("since", BigInteger, nullable=False, comment="microseconds since 1970, by the clock of the database"),
    Column("until", BigInteger, nullable=False, comment="by the same clock; then another may take it"),
)
"""Who alone may do what one process at a time does: publish the log."""
