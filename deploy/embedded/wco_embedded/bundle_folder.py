"""The folder of a bundle, for every command that reads one: whether it is one, its size, its manifest."""

from pathlib import Path

from wco_common.bundle import BadManifest, Manifest, log_file, read_manifest
from wco_embedded.refusal import DoesNotHold, Refusal
from wco_events.event_type import LOG_NAMES


def size_of(folder: Path) -> int:
    """Return the bytes of a bundle's logs. Raises Refusal for what is no bundle: no folder, or one without any log."""
    if not folder.exists():
        raise Refusal(f"There is no folder {folder}.")
    if not folder.is_dir():
        raise Refusal(f"{folder} is no folder, and so no log bundle.")
    files = [folder / log_file(log) for log in LOG_NAMES]
    if not any(file.exists() for file in files):
        raise Refusal(f"{folder} is no log bundle: it has none of {', '.join(file.name for file in files)}.")
    return sum(file.stat().st_size for file in files if file.exists())


def manifest_of(folder: Path) -> Manifest | None:
    """Return a bundle's manifest, None where it has none. Raises DoesNotHold for one that cannot be read."""
    try:
        return read_manifest(folder)
    except BadManifest as error:
        raise DoesNotHold(f"manifest.json {error}.") from None
