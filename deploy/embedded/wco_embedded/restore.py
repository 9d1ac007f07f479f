"""`wco-kpi restore`: a bundle into empty logs. What speaks to databases is loaded once the bundle is seen to hold."""

import asyncio
from pathlib import Path

from wco_common.bundle import Manifest
from wco_common.database_url import with_driver
from wco_embedded.checked import checked, counts
from wco_embedded.directory import DataDirectory, locked
from wco_embedded.environment import look_through_environment
from wco_embedded.refusal import Refusal
from wco_events.event_type import LOG_NAMES, LogName


def into_directory(folder: Path, data_dir: Path) -> None:
    """Verify a bundle, and fill the logs of a data directory from it."""
    look_through_environment()
    finding = checked(folder)
    with locked(data_dir) as directory:
        asyncio.run(_fill_directory(folder.absolute(), finding.manifest, directory))
    print(f"Restored {counts(finding)} into {directory.path}.")


def into_databases(folder: Path, databases: list[str]) -> None:
    """Verify a bundle, and fill the logs in databases, given as LOG=URL, from it."""
    look_through_environment()
    named = _named(databases)
    finding = checked(folder)
    asyncio.run(_fill_databases(folder, finding.manifest, named))
    print(f"Restored {counts(finding)} into the databases that --database names.")


async def _fill_directory(folder: Path, manifest: Manifest | None, directory: DataDirectory) -> None:
    from wco_embedded.fill import fill, prepare_empty

    databases = {log: directory.url(log) for log in LOG_NAMES}
    if directory.restoring is None:
        await prepare_empty({log: url for log, url in databases.items() if directory.database(log).exists()})
    with directory.filling(str(folder)):
        await prepare_empty(databases)
        await fill(folder, manifest, databases)


async def _fill_databases(folder: Path, manifest: Manifest | None, databases: dict[LogName, str]) -> None:
    from wco_embedded.fill import fill, prepare_empty

    await prepare_empty(databases)
    await fill(folder, manifest, databases)


def _named(databases: list[str]) -> dict[LogName, str]:
    """Read LOG=URL, once for each log."""
    named: dict[LogName, str] = {}
    for text in databases:
        name, _, url = text.partition("=")
        log = next((log for log in LOG_NAMES if log == name), None)
        if log is None or not url:
            raise Refusal(f"--database is LOG=URL, and LOG one of {', '.join(LOG_NAMES)}; {name!r} is not.")
        if log in named:
            raise Refusal(f"--database names {log} twice.")
        try:
            named[log] = with_driver(url)
        except ValueError as error:
            raise Refusal(f"--database: the URL of {log} {error}.") from None
    if missing := [log for log in LOG_NAMES if log not in named]:
        raise Refusal(f"--database is missing for {', '.join(missing)}: a bundle fills all three logs.")
    return {log: named[log] for log in LOG_NAMES}
