"""Where a database is: a URL of SQLite or PostgreSQL, by the one driver that is used here for each."""

from typing import Annotated

from pydantic import AfterValidator

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


def with_driver(url: str) -> str:
    """Return a database's URL with its driver, which may be left out: `postgresql://…` means `postgresql+asyncpg://…`.

    Raises ValueError, saying what it must be without repeating it, since a password may stand in it.
    """
    scheme, separator, rest = url.partition("://")
    driver = scheme if scheme in _DRIVERS.values() else _DRIVERS.get(scheme)
    if not separator or driver is None:
        raise ValueError(
            "must begin with sqlite:/// or postgresql://, "
            "as sqlite:////srv/log.sqlite or postgresql://user:password@host/database"
        )
    return f"{driver}://{rest}"


DatabaseUrl = Annotated[str, AfterValidator(with_driver)]
"""A setting that says where a database is."""
