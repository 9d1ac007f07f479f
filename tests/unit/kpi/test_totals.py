"""What a total passes on of what is added to it is the difference between what it adds before and after."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wco_kpi.cell import Address, Cell, Vector, added, difference
from wco_kpi.totals import ADDS, PASSES, additions

TOPICS = ("overall", "SP1", "a/b")
OF_A_RESPONDENT = ("submissions", *(f"{part}/{topic}" for part in ("sum", "number") for topic in TOPICS))
COMPONENTS = {
    "respondent": OF_A_RESPONDENT,
    "survey": ("answered", *OF_A_RESPONDENT),
    "operation": ("reports", "seizures", "interim-figures", "interim", "final-figures", "final"),
}
SURVEY = {"kind": "annual", "committee": "", "closes_on": "2024-03-31", "min": 1, "max": 5, "invited": 3, "opened": 1}
OWN: dict[str, list[Any]] = {
    "respondent": [None],
    "survey": [None, SURVEY, SURVEY | {"cancelled": True}, SURVEY | {"min": 0, "max": 4}],
    "operation": [None, {"ends_on": "2024-03-31"}, {"ends_on": "2024-03-31", "cancelled": True}],
}


OFTEN: dict[str, tuple[Vector, Sequence[str]]] = {
    "respondent": ({"submissions": 2}, OF_A_RESPONDENT),
    "survey": ({"submissions": 2}, OF_A_RESPONDENT),
    "operation": ({"reports": 2}, ("reports", "seizures")),
}
"""What the sums of a kind have nearly always, and of which components that is, for the most part, which is added."""


def vectors(components: Sequence[str], least: int = 0) -> st.SearchStrategy[Vector]:
    return st.dictionaries(st.sampled_from(components), st.sampled_from([-2, -1, 1, 2]), min_size=least)


@pytest.mark.parametrize("kind", PASSES)
@given(st.data())
def test_what_is_passed_on_is_what_the_sums_add_afterwards_without_what_they_added(
    kind: str, data: st.DataObject
) -> None:
    has, often = OFTEN[kind]
    rest = data.draw(vectors(often) | vectors(COMPONENTS[kind]))
    sums = data.draw(st.sampled_from([{**has, **rest}, rest]))
    delta = data.draw(vectors(often) | vectors(COMPONENTS[kind]))
    if not sums or not (after := added(sums, delta)):
        return  # it has none before or after: what it adds is worked out
    address, own = Address(kind, "s", "KEN"), data.draw(st.sampled_from(OWN[kind]))
    passed = PASSES[kind](address, own, sums, delta)
    if passed is None:
        return  # that is worked out too
    before, now = (additions(ADDS[kind], address, Cell(1, own, each)) for each in (sums, after))
    found = {target: vector for target, vector in passed if vector}
    differences = {target: difference(before[target], now[target]) for target in now}
    assert found == {target: each for target, each in differences.items() if each}


@pytest.mark.parametrize("kind", PASSES)
def test_what_is_added_most_often_is_passed_on(kind: str) -> None:
    has, often = OFTEN[kind]
    for own in OWN[kind]:
        assert PASSES[kind](Address(kind, "s", "KEN"), own, has, dict.fromkeys(often, 1)) is not None


@pytest.mark.parametrize(
    ("sums", "delta", "passed"),
    [
        ({"reports": 2, "seizures": 5}, {"reports": 1, "seizures": 3}, {"provisional": 3}),
        ({"reports": 2, "seizures": 5}, {"seizures": -4}, {"provisional": -4}),
        ({"reports": 2}, {"reports": 1}, {}),
        ({"reports": 2, "seizures": 5, "interim-figures": 1, "interim": 4}, {"reports": 1, "seizures": 3}, {}),
        ({"reports": 2, "seizures": 5, "final-figures": 1}, {"reports": 1, "seizures": 3}, {}),
    ],
)
def test_reports_of_an_operation_count_as_long_as_no_figures_of_it_are_published(
    sums: Vector, delta: Vector, passed: Vector
) -> None:
    moves = PASSES["operation"](Address("operation", "op", ""), OWN["operation"][1], sums, delta)
    assert moves is not None
    assert dict(moves) == ({Address("seizures", "2024-03", ""): passed} if passed else {})


@pytest.mark.parametrize(
    ("sums", "delta"),
    [
        ({"reports": 1, "seizures": 5}, {"reports": -1, "seizures": -5}),
        ({"final-figures": 1, "final": 5}, {"reports": 1, "seizures": 5}),
        ({"reports": 1, "seizures": 5}, {"final-figures": 1, "final": 6}),
    ],
)
def test_the_first_report_the_last_one_and_figures_change_what_an_operation_adds_altogether(
    sums: Vector, delta: Vector
) -> None:
    assert PASSES["operation"](Address("operation", "op", ""), OWN["operation"][1], sums, delta) is None
