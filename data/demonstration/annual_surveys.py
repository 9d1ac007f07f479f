"""The annual surveys: one rescheduled and reopened, one on another scale, one that few have not answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from demonstration.answers import Respondent, Scale, instrument_answers
from demonstration.chance import shuffled
from demonstration.entry import Entry, days
from demonstration.plan import ADDED_INSTRUMENT, adopted_plan
from demonstration.sources import MEMBERS, REGIONS
from demonstration.surveys import Survey


@dataclass(frozen=True, slots=True)
class _Annual:
    """An annual survey, how many Members answer it, and what share of the instruments' use they know."""

    survey: Survey
    answering: int
    known: dict[str, float]
    progress: float


def _instruments(*added: dict[str, str]) -> dict[str, str]:
    return {each["id"]: each["objective"] for each in (*adopted_plan()["instruments"], *added)}


_2022_23 = _Annual(
    Survey(
        "synthetic-annual-2022-23",
        "annual",
        "WCO Members' engagement annual survey 2022-23",
        date(2022, 11, 14),
        date(2023, 2, 28),
        Scale(1, 5),
        {
            "overall": 66.5,
            "SP1": 72,
            "SP2": 70.5,
            "SP3": 74,
            "SP5": 63,
            "FA1": 68,
            "FA2": 66.5,
            "FA3": 66,
            "FA4": 57,  # on trial: the focus area is introduced later, and these answers count from then on
        },
        MEMBERS,
        instruments=list(_instruments()),
    ),
    100,
    {"SO1": 0.91, "SO2": 0.9, "SO3": 0.8, "SO4": 0.8},
    0.0,
)
_2023_24 = _Annual(
    Survey(
        "synthetic-annual-2023-24",
        "annual",
        "WCO Members' engagement annual survey 2023-24",
        date(2023, 11, 13),
        date(2024, 3, 29),
        Scale(1, 10),
        {
            "overall": 69.5,
            "SP1": 74,
            "SP2": 68.5,
            "SP3": 75,
            "SP4": 70,
            "SP5": 66,
            "FA1": 70,
            "FA2": 69,
            "FA3": 65,
            "FA4": 63,
        },
        list(REGIONS),
        instruments=list(_instruments(ADDED_INSTRUMENT)),
    ),
    112,
    {"SO1": 0.92, "SO2": 0.93, "SO3": 0.85, "SO4": 0.8},
    0.06,
)
_2024_25 = _Annual(
    Survey(
        "synthetic-annual-2024-25",
        "annual",
        "WCO Members' engagement annual survey 2024-25",
        date(2024, 11, 11),
        date(2025, 3, 28),
        Scale(1, 10),
        {
            "overall": 72,
            "SP1": 73,
            "SP2": 71.5,
            "SP3": 76,
            "SP4": 72.5,
            "SP5": 67.5,
            "FA1": 73,
            "FA2": 71,
            "FA4": 68,
            "FA5": 66,
        },
        list(REGIONS),
        instruments=list(_instruments(ADDED_INSTRUMENT)),
    ),
    120,
    {"SO1": 0.93, "SO2": 0.86, "SO3": 0.86, "SO4": 0.84},
    0.14,
)

_LATE = 7
"""How many Members answer the first survey only once it is reopened."""


def annual_survey_entries() -> Iterator[Entry]:
    """Return the annual surveys and their answers."""
    yield from _first()
    yield from _second()
    yield from _third()


def _first() -> Iterator[Entry]:
    survey, answering = _2022_23.survey, _answering(_2022_23)
    yield survey.opened()
    later = date(2023, 3, 31)
    yield survey.rescheduled(date(2023, 2, 20), survey.opens_on, later, "Few Members have answered so far")
    yield from _answers(_2022_23, answering[_LATE:], survey.opens_on, later)
    yield survey.closed(date(2023, 4, 6))
    yield survey.reopened(date(2023, 5, 8), "Some Members could not reach the survey's site in March")
    yield from _answers(_2022_23, answering[:_LATE], date(2023, 5, 9), date(2023, 5, 26))
    yield survey.closed(date(2023, 6, 2))


def _second() -> Iterator[Entry]:
    survey, answering = _2023_24.survey, _answering(_2023_24)
    yield survey.opened()
    yield from _answers(_2023_24, answering, survey.opens_on, survey.closes_on)
    others = shuffled((member for member in MEMBERS if Respondent(member) not in answering), "taken back")[:3]
    reason = "The answer had not been cleared within the administration"
    yield from survey.taken_back([Respondent(member) for member in others], date(2024, 3, 5), reason)
    yield survey.closed(date(2024, 4, 4))


def _third() -> Iterator[Entry]:
    survey, answering = _2024_25.survey, _answering(_2024_25)
    yield survey.opened()
    yield from _answers(_2024_25, answering[3:], survey.opens_on, survey.closes_on)
    # After the last day for answers, but the survey is not closed yet.
    yield from _answers(_2024_25, answering[:3], survey.closes_on + days(3), survey.closes_on + days(6))
    yield survey.closed(date(2025, 4, 9))


def _answering(annual: _Annual) -> list[Respondent]:
    invited = shuffled(annual.survey.invited, "answering", annual.survey.id)
    return [Respondent(member) for member in invited[: annual.answering]]


def _answers(annual: _Annual, respondents: list[Respondent], first_on: date, last_on: date) -> Iterator[Entry]:
    survey = annual.survey
    objectives = _instruments(ADDED_INSTRUMENT)
    asked = {each: objectives[each] for each in survey.instruments}
    members = [respondent.member for respondent in respondents]
    told = instrument_answers(survey.id, members, annual.known, asked, annual.progress)
    yield from survey.answers(respondents, first_on, last_on, told)
