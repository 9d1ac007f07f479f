"""What respondents answer: ratings that have a mean which is fixed beforehand, and the use of instruments.

A story needs figures that come out as told. So chance does not draw each rating: it says who rates better than whom.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from demonstration.chance import fraction, pick, shuffled
from demonstration.sources import REGIONS


class Respondent(NamedTuple):
    """Who answers: a Member, and where several of its people do, one of them by a pseudonym."""

    member: str
    pseudonym: str = ""


class Scale(NamedTuple):
    """The scale of a survey's ratings."""

    min: int
    max: int


Ratings = dict[str, int]
"""One respondent's rating of each topic that it rates."""

_LEANING = {"AMS": 0.05, "A/P": 0.2, "EUR": -0.2, "ESA": 0.1, "MENA": 0.0, "WCA": -0.05}
"""By how much the regions rate better or worse than others: a demonstration without it shows nothing by region."""

_LEFT_OUT = 0.04
"""The share of ratings that are left out."""

_REASONS = ("resources", "legislation", "information-technology", "training", "priorities", "coordination")


def ratings(
    survey: str, respondents: Sequence[Respondent], scores: Mapping[str, float], scale: Scale
) -> dict[Respondent, Ratings]:
    """Return every respondent's ratings. Those of a topic come to its score, of 0 to 100, as nearly as they can."""
    given: dict[Respondent, Ratings] = {respondent: {} for respondent in respondents}
    for topic, score in scores.items():
        raters = [each for each in respondents if fraction("left out", survey, topic, *each) >= _LEFT_OUT]
        for respondent, rating in _spread(survey, topic, raters, score, scale).items():
            given[respondent][topic] = rating
    return given


def _spread(survey: str, topic: str, raters: Sequence[Respondent], score: float, scale: Scale) -> dict[Respondent, int]:
    if not raters:
        return {}
    in_order = sorted(
        raters,
        key=lambda each: (
            fraction("mood", survey, topic, *each) + fraction("mood", each.member) / 2 + _LEANING[REGIONS[each.member]]
        ),
    )
    width = scale.max - scale.min
    # The draw decides how the sum is rounded, so that many small surveys together are not off to one side.
    points = int(len(raters) * width * score / 100 + fraction("points", survey, topic))
    least, more = divmod(points, len(raters))
    given = [scale.min + least + (place >= len(raters) - more) for place in range(len(raters))]
    # What one at the lower end takes off, another at the upper end puts on.
    for step in range(width // 2):
        for place in range(len(raters) // (3 + step)):
            if given[place] > scale.min and given[-1 - place] < scale.max:
                given[place] -= 1
                given[-1 - place] += 1
    return dict(zip(in_order, given, strict=True))


def instrument_answers(
    survey: str, members: Sequence[str], known: Mapping[str, float], instruments: Mapping[str, str], progress: float
) -> dict[str, list[dict[str, Any]]]:
    """Return of every Member what it says of each instrument.

    `instruments` are the objectives of the instruments; `known` is the share of pairs (Member, instrument) of an
    objective that are not unknown; `progress` what the years have added to the share of instruments implemented.
    """
    unknown: set[tuple[str, str]] = set()
    for objective, share in known.items():
        pairs = [(member, each) for member in members for each, of in instruments.items() if of == objective]
        unknown.update(shuffled(pairs, "unknown", survey)[: round(len(pairs) * (1 - share))])
    return {
        member: [
            {"instrument": each, "status": "unknown"} if (member, each) in unknown else _use(member, each, progress)
            for each in instruments
        ]
        for member in members
    }


def _use(member: str, instrument: str, progress: float) -> dict[str, Any]:
    # The same draw every year: an instrument that is implemented stays so.
    level = 0.2 + 0.35 * fraction("instrument", instrument) + progress - fraction("use", member, instrument)
    if level >= 0:
        return {"instrument": instrument, "status": "implemented"}
    status = "partial" if level >= -0.3 else "not_implemented"
    reasons = {pick(_REASONS, "reason", member, instrument, number) for number in range(2)}
    return {"instrument": instrument, "status": status, "reasons": sorted(reasons)}
