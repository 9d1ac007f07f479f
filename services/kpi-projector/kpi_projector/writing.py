"""What is written of the state: what one transaction does, as plain code over a connection."""

from functools import lru_cache

from sqlalchemy import Connection, Dialect, bindparam, delete, null, select, text, update

from kpi_projector.known_cells import Extent
from kpi_projector.piece import Overtaken, Piece
from kpi_projector.schema import CELL, EVENT, POSITION, VERSION
from wco_common.row_texts import text_of
from wco_common.rows import Statement, adding, execute, send
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.fold import FOLD_VERSION

_BEGIN = text(
    "INSERT INTO position (log, sequence, cells, fold) VALUES (:log, 0, 0, :fold) ON CONFLICT (log) DO NOTHING"
)


def begin_anew_after_another_fold(connection: Connection) -> bool:
    """Empty the state where another version of the fold has made it, and say whether that was so."""
    versions = set(connection.scalars(select(POSITION.c.fold)))
    if versions <= {FOLD_VERSION}:
        return False
    for table in (VERSION, CELL, EVENT, POSITION):
        connection.execute(delete(table))
    return True


def begin_anew(connection: Connection, log: LogName, after: int) -> None:
    """Empty the state of one log that was folded up to a position. Raises Overtaken when it stands elsewhere by now."""
    index = LOG_NAMES.index(log)
    stood = connection.execute(delete(POSITION).where(POSITION.c.log == index, POSITION.c.sequence == after))
    if stood.rowcount != 1:
        raise Overtaken(log)
    cells = select(CELL.c.id).where(CELL.c.log == index)
    connection.execute(delete(VERSION).where(VERSION.c.cell.in_(cells)))
    connection.execute(delete(CELL).where(CELL.c.log == index))
    connection.execute(delete(EVENT).where(EVENT.c.log == index))


def stop(connection: Connection, log: LogName, after: int, reason: str) -> None:
    """Note why the event after a position cannot be folded. Where it is folded meanwhile, nothing is noted."""
    begin(connection, log)
    connection.execute(
        update(POSITION)
        .where(POSITION.c.log == LOG_NAMES.index(log), POSITION.c.sequence == after)
        .values(stopped=reason)
    )


def begin(connection: Connection, log: LogName) -> None:
    """Note that nothing of a log is folded, where nothing is noted yet.

    Of several projectors that begin at once one makes the row; the others wait for it, and find it as it is then.
    """
    connection.execute(_BEGIN, {"log": LOG_NAMES.index(log), "fold": FOLD_VERSION})


def write(connection: Connection, piece: Piece) -> None:
    """Write what a piece of a log comes to, and move the position. Raises Overtaken where it is elsewhere by now."""
    index = LOG_NAMES.index(piece.log)
    _lock(connection, piece.log, piece.at)
    send(
        connection,
        [
            *adding(connection, EVENT, piece.events),
            *adding(connection, CELL, piece.cells),
            *adding(connection, VERSION, piece.versions),
            Statement(_moving(connection.dialect), (*piece.stands, index)),
        ],
    )


def _lock(connection: Connection, log: LogName, at: Extent) -> None:
    """Lock the position until the transaction ends, where it is what the piece was worked out from."""
    if at.sequence == 0:
        begin(connection, log)
    rows = execute(connection, _locking(connection.dialect), (LOG_NAMES.index(log),), fetch=True)
    if [tuple(row) for row in rows] != [at]:
        raise Overtaken(log)


@lru_cache
def _locking(dialect: Dialect) -> str:
    standing = select(POSITION.c.sequence, POSITION.c.cells).where(POSITION.c.log == bindparam("which"))
    return text_of(standing.with_for_update(), dialect)


@lru_cache
def _moving(dialect: Dialect) -> str:
    moving = update(POSITION).values(sequence=bindparam("to"), cells=bindparam("number"), stopped=null())
    return text_of(moving.where(POSITION.c.log == bindparam("which")), dialect)
