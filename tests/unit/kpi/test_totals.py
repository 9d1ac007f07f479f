"""What a total passes on of what is added to it is the difference between what it adds before and after."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wco_kpi.cell import Address, Cell, Vector, added, difference
from wco_kpi.totals import ADDS, PASSES, additions

TOPICS = ("overall", "SP1", "a/b")
OF_A_RESPONDENT = ("submissions", *(f"{part}/{topic}" for part in ("sum", "number") for topic in TOPICS))
COMPONENTS = {"respondent": OF_A_RESPONDENT, "survey": ("answered", *OF_A_RESPONDENT)}
SURVEY = {"kind": "annual", "committee": "", "closes_on": "2024-03-31", "min": 1, "max": 5, "invited": 3, "opened": 1}
OWN: dict[str, list[Any]] = {
    "respondent": [None],
    "survey": [None, SURVEY, SURVEY | {"cancelled": True}, SURVEY | {"min": 0, "max": 4}],
}


def vectors(kind: str, least: int) -> st.SearchStrategy[Vector]:
    return st.dictionaries(st.sampled_from(COMPONENTS[kind]), st.integers(-3, 9).filter(bool), min_size=least)


@pytest.mark.parametrize("kind", PASSES)
@given(st.data())
def test_what_is_passed_on_is_what_the_sums_add_afterwards_without_what_they_added(
    kind: str, data: st.DataObject
) -> None:
    own: Any = data.draw(st.sampled_from(OWN[kind]))
    address, sums, delta = Address(kind, "s", "KEN"), data.draw(vectors(kind, 1)), data.draw(vectors(kind, 0))
    if not (after := added(sums, delta)):
        return  # it has none after: what it adds is worked out
    before, now = (additions(ADDS[kind], address, Cell(1, own, each)) for each in (sums, after))
    passed = PASSES[kind](address, own, delta)
    found = {passed[0]: passed[1]} if passed is not None and passed[1] else {}
    differences = {target: difference(before[target], now[target]) for target in now}
    assert found == {target: each for target, each in differences.items() if each}
