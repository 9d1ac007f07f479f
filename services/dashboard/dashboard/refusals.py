"""What a service says in English, said in the language of a page, where its catalogue has the text.

Services answer in English, whoever asks them. A text of theirs is known again by its words; what stands in the places
between them is written as the language writes it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from babel.lists import format_list

from dashboard.fault_words import FAULTS
from dashboard.language import Language
from dashboard.problem_words import PROBLEMS
from dashboard.schema import label_of
from wco_events.forms import ID


class Said(NamedTuple):
    """A text, and whether it is in the language that was asked for: otherwise it is English."""

    text: str
    known: bool


def said_in(language: Language, detail: str) -> Said:
    """Say in a language what a service told in English."""
    if language.has(detail):
        return Said(language.text(detail), True)
    for text, pattern in _PATTERNS.items():
        if language.has(text) and (found := pattern.fullmatch(detail)):
            return Said(language.text(text, **_written(language, found.groupdict())), True)
    return Said(detail, False)


def _written(language: Language, values: Mapping[str, str]) -> dict[str, str]:
    return {place: _PLACES[_kind(place)].write(language, value) for place, value in values.items()}


def _kind(place: str) -> str:
    return place.rpartition("_")[2]


class _Place(NamedTuple):
    """What stands in a place of one kind: its form, and how a language writes it."""

    form: str
    write: Callable[[Language, str], str]


def _as_it_is(language: Language, value: str) -> str:
    return value


def _day(language: Language, value: str) -> str:
    try:
        return language.day(date.fromisoformat(value))
    except ValueError:
        return value


def _time(language: Language, value: str) -> str:
    try:
        return language.instant(datetime.fromisoformat(value))
    except ValueError:
        return value


def _quoted(language: Language, value: str) -> str:
    return value[1:-1]


def _field(language: Language, value: str) -> str:
    """Return what a form calls a field, by the title that schemas give it."""
    label = label_of(value)
    return language.text(label) if language.has(label) else value


def _codes(language: Language, value: str) -> str:
    return format_list(re.findall("'([^']*)'", value), "or", language.locale)


_IDS = f"{ID}(?:/{ID})*"

_PLACES: Mapping[str, _Place] = {
    "id": _Place(_IDS, _as_it_is),
    "ids": _Place(f"(?:-?{_IDS}(?:, -?{_IDS})*(?: …)?)?", _as_it_is),  # an order may begin with a minus
    "codes": _Place("'[^']*'(?:(?:, | or )'[^']*')*", _codes),
    "day": _Place("[0-9]{4}-[0-9]{2}-[0-9]{2}", _day),
    "field": _Place("[a-z_]+", _field),
    "time": _Place("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", _time),
    "quoted": _Place("'[^']*'", _quoted),
    "number": _Place("-?[0-9]{1,18}", Language.number),
}
"""The kinds of places, by the last word of their names."""


def _pattern(text: str) -> re.Pattern[str]:
    words = re.split(r"%\((\w+)\)s", text)
    return re.compile(
        "".join(
            f"(?P<{each}>{_PLACES[_kind(each)].form})" if index % 2 else re.escape(each)
            for index, each in enumerate(words)
        )
    )


_PATTERNS: Mapping[str, re.Pattern[str]] = {text: _pattern(text) for text in (*FAULTS, *PROBLEMS) if "%(" in text}
