"""Which log of a name is folded, by the id that it was born with."""

from uuid import UUID

from sqlalchemy import Connection, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from kpi_projector.schema import POSITION
from kpi_projector.writing import begin
from wco_common.engine import SQLITE_WRITES, changing
from wco_events.event_type import LOG_NAMES, LogName


class FoldedLogs:
    """The ids of the logs whose events the state is made of."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._writing = engine.execution_options(**{SQLITE_WRITES: True})

    async def folded_log(self, log: LogName, seen: UUID) -> UUID:
        """Return which log is folded. While nothing of it is, or nobody has said which, it is the one that is seen."""

        def settle(connection: Connection) -> UUID:
            begin(connection, log)
            this = POSITION.c.log == LOG_NAMES.index(log)
            free = or_(POSITION.c.log_id.is_(None), POSITION.c.sequence == 0)
            connection.execute(update(POSITION).where(this, free).values(log_id=seen))
            return connection.scalars(select(POSITION.c.log_id).where(this)).one() or seen

        async with changing(self._writing) as connection:
            return await connection.run_sync(settle)
