"""Submissions: one a (Member, respondent) and survey; the latest replaces the one before, and may be withdrawn."""

from collections.abc import Iterator, Sequence

from survey_intake.survey import SURVEY, TAKES_NO_ANSWERS
from wco_common.decider import Key, State, States
from wco_common.event import Event
from wco_common.rules import Rule
from wco_events.fault import Fault, pointer


def _key(event: Event) -> Key:
    return ("submission", f"{event.subject}/{event.data['member']}/{event.data.get('respondent', '')}")


def _concerns(event: Event) -> Sequence[Key]:
    return (SURVEY.key(event.subject), _key(event))


def _may_be_submitted(event: Event, states: States) -> Iterator[Fault]:
    yield from SURVEY.must_exist(event.subject, states, TAKES_NO_ANSWERS)
    survey = states[SURVEY.key(event.subject)]
    if survey is not None:
        yield from _by_whom(event, survey)
        yield from _ratings(event, survey)
        yield from _instruments(event, survey)


def _by_whom(event: Event, survey: State) -> Iterator[Fault]:
    member = event.data["member"]
    if member not in survey.get("invited", (member,)):
        yield Fault("/data/member", f"{member} is not among the Members invited to survey {event.subject}")
    if "respondent" in event.data and survey["kind"] == "annual":
        yield Fault("/data/respondent", f"survey {event.subject} is annual: a Member answers it once, as a whole")


def _ratings(event: Event, survey: State) -> Iterator[Fault]:
    lowest, highest = survey["scale"]["min"], survey["scale"]["max"]
    for topic, rating in event.data["ratings"].items():
        if topic not in survey["topics"]:
            topics = ", ".join(survey["topics"])
            yield Fault(
                pointer("data", "ratings", topic),
                f"survey {event.subject} does not ask for {topic}; its topics are {topics}",
            )
        elif not lowest <= rating <= highest:
            off = f"{rating} is off the scale of survey {event.subject}, {lowest} to {highest}"
            yield Fault(pointer("data", "ratings", topic), off)


def _instruments(event: Event, survey: State) -> Iterator[Fault]:
    asked = survey.get("instruments", ())
    for index, answer in enumerate(event.data.get("instruments", ())):
        if answer["instrument"] not in asked:
            yield Fault(
                pointer("data", "instruments", index, "instrument"),
                f"survey {event.subject} does not ask for {answer['instrument']}; "
                f"{'its instruments are ' + ', '.join(asked) if asked else 'it asks for no instruments'}",
            )


def _submitted(event: Event, states: States) -> dict[Key, State]:
    return {_key(event): {"current": True}}


def _may_be_withdrawn(event: Event, states: States) -> Iterator[Fault]:
    yield from SURVEY.must_exist(event.subject, states, TAKES_NO_ANSWERS)
    submission = states[_key(event)]
    if states[SURVEY.key(event.subject)] is not None and (submission is None or not submission["current"]):
        given = "respondent" if "respondent" in event.data else "member"
        why = "it never came" if submission is None else "it is withdrawn already, and may come again"
        yield Fault(
            pointer("data", given),
            f"there is no submission of {event.data[given]} to survey {event.subject} to withdraw: {why}",
        )


def _withdrawn(event: Event, states: States) -> dict[Key, State]:
    return {_key(event): {"current": False}}


SUBMITTED = Rule(_concerns, _may_be_submitted, _submitted)
WITHDRAWN = Rule(_concerns, _may_be_withdrawn, _withdrawn)
