"""`wco-kpi export`: the logs of running services as a bundle, all cut at one time."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import msgspec

from wco_common.bundle import FixedTime, LogWriter, Manifest, new_bundle, write_manifest
from wco_embedded.environment import look_through_environment
from wco_embedded.progress import progress_bar
from wco_embedded.refusal import Refusal, of_system
from wco_embedded.served import Served
from wco_embedded.settings import CommandSettings
from wco_events.event_type import LOG_NAMES, LogName

_EVENTS_A_STEP = 500


class _Place(msgspec.Struct):
    """Where a recorded event stands. Both texts have a fixed width, so they sort as they count."""

    sequence: str
    recordedtime: str


class _Head(msgspec.Struct):
    """How far a log is: nothing will be recorded at or before `closed_time` beyond `sequence`."""

    sequence: Annotated[int, msgspec.Meta(ge=0)]
    closed_time: FixedTime


_place = msgspec.json.Decoder(_Place).decode


def run(url: str, folder: Path) -> None:
    """Write the bundle of the services at `url` into a new folder."""
    look_through_environment()
    with Served(url, CommandSettings()) as served:
        try:
            with new_bundle(folder) as unfinished:
                manifest = pull(served, unfinished)
        except OSError as error:
            raise Refusal(f"{of_system(error)}; nothing was written.") from None
    counts = ", ".join(f"{entry.count} of {log}" for log, entry in manifest.logs.items())
    print(f"{folder}: events {counts}, closed at {manifest.logs[LOG_NAMES[0]].closed_time}.")


def pull(served: Served, folder: Path) -> Manifest:
    """Write a bundle of what the services have recorded into a folder, cut at the newest time that all have closed."""
    heads = {log: msgspec.convert(served.get(log, "v1/head", {}, _Head), _Head) for log in LOG_NAMES}
    cut = min(head.closed_time for head in heads.values())
    entries = {}
    with progress_bar("Exporting", sum(head.sequence for head in heads.values())) as advance:
        for log, head in heads.items():
            with LogWriter(folder, log) as file:
                for body in _up_to(served, log, head, cut, advance):
                    file.write(body)
            entries[log] = file.entry(cut)
    manifest = Manifest(entries)
    write_manifest(folder, manifest)
    return manifest


def _up_to(served: Served, log: LogName, head: _Head, cut: str, advance: Callable[[float], None]) -> Iterator[bytes]:
    """Yield a log's events up to the cut, which its head has reached; all of them, or Refusal."""
    last = 0
    for body in served.lines(f"/{log}/v1/events") if head.sequence else ():
        try:
            place = _place(body)
            sequence = int(place.sequence)
        except (msgspec.DecodeError, ValueError) as error:
            raise Refusal(f"{log} sends something that is no event after event {last}: {error}.") from None
        if sequence != last + 1:
            raise Refusal(f"{log} sends event {sequence} where {last + 1} is due.")
        if place.recordedtime > cut:
            return
        yield body
        last = sequence
        if last % _EVENTS_A_STEP == 0:
            advance(_EVENTS_A_STEP)
        if last == head.sequence:
            return
    if last < head.sequence:
        raise Refusal(f"{log} broke off after event {last}, of {head.sequence}.")
