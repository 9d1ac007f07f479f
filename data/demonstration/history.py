"""The demonstration history: all its parts as the three logs would have recorded them, and its bundle."""

from pathlib import Path

from demonstration.actions import action_entries
from demonstration.annual_surveys import annual_survey_entries
from demonstration.assistance import assistance_entries
from demonstration.experts import expert_entries
from demonstration.meeting_surveys import meeting_survey_entries
from demonstration.partnerships import partnership_entries
from demonstration.plan import plan_entries
from demonstration.published_operations import published_operation_entries
from demonstration.recording import recorded
from demonstration.synthetic_operations import synthetic_operation_entries
from wco_common.bundle import LogWriter, Manifest, write_manifest
from wco_common.instant import parse_instant
from wco_events.event_type import LOG_NAMES, LogName

CLOSED = "2025-10-31T23:59:59.999999Z"
"""The time that all three logs are cut at."""


def demonstration() -> dict[LogName, list[bytes]]:
    """Return each log's canonical events. The same ones every time."""
    return recorded(
        [
            *plan_entries(),
            *action_entries(),
            *annual_survey_entries(),
            *meeting_survey_entries(),
            *assistance_entries(),
            *published_operation_entries(),
            *synthetic_operation_entries(),
            *partnership_entries(),
            *expert_entries(),
        ],
        parse_instant(CLOSED),
    )


def write_demonstration(folder: Path) -> None:
    """Write the demonstration's log bundle into an empty folder."""
    entries = {}
    lines = demonstration()
    for log in LOG_NAMES:
        with LogWriter(folder, log) as file:
            for line in lines[log]:
                file.write(line)
        entries[log] = file.entry(CLOSED)
    write_manifest(folder, Manifest(entries))
