"""Surveys at the end of committee meetings: one cancelled and done again, one moved into the next period."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from demonstration.answers import Scale
from demonstration.entry import Entry, days
from demonstration.sources import MEMBERS, REGIONS
from demonstration.surveys import Survey, people

_NAMES = {
    "PTC": "Permanent Technical Committee",
    "HSC": "Harmonized System Committee",
    "EC": "Enforcement Committee",
    "CBC": "Capacity Building Committee",
}
_SCALES = {"PTC": Scale(1, 5), "HSC": Scale(1, 10), "EC": Scale(1, 5), "CBC": Scale(0, 10)}
_WEEKS_OPEN = 3


class _Meeting(NamedTuple):
    committee: str
    last_day: date
    score: float
    respondents: int


_MEETINGS = (
    _Meeting("HSC", date(2022, 9, 23), 78, 62),
    _Meeting("PTC", date(2022, 11, 4), 75, 58),
    _Meeting("EC", date(2023, 3, 17), 72, 54),
    _Meeting("HSC", date(2023, 3, 24), 77, 55),
    _Meeting("PTC", date(2023, 4, 21), 76.5, 64),
    _Meeting("CBC", date(2023, 4, 28), 69, 48),
    _Meeting("HSC", date(2023, 9, 22), 79, 60),
    _Meeting("PTC", date(2023, 10, 20), 74.5, 57),
    _Meeting("EC", date(2024, 3, 15), 64, 21),
    _Meeting("HSC", date(2024, 3, 22), 79.5, 58),
    _Meeting("EC", date(2024, 3, 29), 71, 52),
    _Meeting("PTC", date(2024, 4, 19), 75.5, 66),
    _Meeting("CBC", date(2024, 5, 31), 72.5, 50),
    _Meeting("HSC", date(2024, 9, 20), 80, 63),
    _Meeting("PTC", date(2024, 10, 25), 77, 61),
    _Meeting("EC", date(2025, 3, 14), 74, 57),
    _Meeting("HSC", date(2025, 3, 21), 81, 59),
    _Meeting("CBC", date(2025, 4, 11), 74.5, 53),
    _Meeting("PTC", date(2025, 4, 25), 79, 68),
)

_CANCELLED = "synthetic-ec-2024-03-15"
_MOVED = "synthetic-cbc-2024-05-31"
_INVITED_NOT_NAMED = "synthetic-ptc-2024-10-25"


def meeting_survey_entries() -> Iterator[Entry]:
    """Return the meeting surveys and their answers."""
    for meeting in _MEETINGS:
        survey = _survey(meeting)
        respondents = people(survey.id, _members(meeting), meeting.respondents)
        yield survey.opened()
        match survey.id:
            case cancelled if cancelled == _CANCELLED:
                yield from survey.answers(respondents, survey.opens_on, survey.opens_on + days(4))
                yield survey.cancelled(date(2024, 3, 26), "Sent with the questions of another meeting")
            case moved if moved == _MOVED:
                later = date(2024, 7, 12)
                yield from survey.answers(respondents, survey.opens_on, later)
                reason = "The session goes on in writing until July"
                yield survey.rescheduled(date(2024, 6, 19), survey.opens_on, later, reason)
                yield survey.closed(later + days(4))
            case _:
                yield from survey.answers(respondents, survey.opens_on, survey.closes_on)
                yield survey.closed(survey.closes_on + days(5))


def _survey(meeting: _Meeting) -> Survey:
    name = f"synthetic-{meeting.committee.lower()}-{meeting.last_day}"
    return Survey(
        name,
        "meeting",
        f"{_NAMES[meeting.committee]}, meeting ending {meeting.last_day}",
        meeting.last_day,
        meeting.last_day + days(7 * _WEEKS_OPEN),
        _SCALES[meeting.committee],
        {"overall": meeting.score, "documents": meeting.score - 3, "conduct": meeting.score + 4},
        [] if name == _INVITED_NOT_NAMED else _members(meeting),
        meeting.committee,
    )


def _members(meeting: _Meeting) -> list[str]:
    return MEMBERS if meeting.last_day < date(2023, 2, 1) else list(REGIONS)
