"""A group that has not changed between two moments is the same one; of another, what has not changed is not read."""

import msgspec
import pytest

from kpi_projector.cell_rows import content_of
from kpi_projector.known_groups import KnownGroups
from wco_kpi.cell import Cell

SEIZURES, STEPS = ("seizures", "2023-07"), ("steps", "2023-07")


def contents(**sums: int) -> dict[str, str]:
    return {key: content_of(Cell(1, None, {"seizures": number})) for key, number in sums.items()}


def test_the_same_contents_are_the_same_group() -> None:
    known = KnownGroups(100)
    group = known.of(SEIZURES, contents(a=1, b=2))
    assert known.of(SEIZURES, contents(a=1, b=2)) is group
    assert {key: cell.sums for key, cell in group.items()} == {"a": {"seizures": 1}, "b": {"seizures": 2}}


def test_another_content_makes_another_group_of_the_other_cells() -> None:
    known = KnownGroups(100)
    before = known.of(SEIZURES, contents(a=1, b=2, c=3))
    after = known.of(SEIZURES, contents(a=1, b=5, d=4))
    assert before["b"].sums == {"seizures": 2}
    assert {key: cell.sums["seizures"] for key, cell in after.items()} == {"a": 1, "b": 5, "d": 4}
    assert after["a"] is before["a"]


def test_two_groups_of_the_same_contents_are_not_mistaken_for_each_other() -> None:
    known = KnownGroups(100)
    assert known.of(SEIZURES, contents(a=1)).id == SEIZURES
    assert known.of(STEPS, contents(a=1)).id == STEPS


def test_what_was_read_longest_ago_goes_first_and_what_is_too_large_is_not_kept() -> None:
    known = KnownGroups(6)
    first = known.of(SEIZURES, contents(a=1, b=2))
    second = known.of(STEPS, contents(a=1))
    assert known.of(SEIZURES, contents(a=1, b=2)) is first
    third = known.of(("steps", "2023-08"), contents(a=1))  # 3 + 2 + 2 cells and groups: one has to go
    assert known.of(SEIZURES, contents(a=1, b=2)) is first
    assert known.of(("steps", "2023-08"), contents(a=1)) is third
    assert known.of(STEPS, contents(a=1)) is not second
    large = contents(a=1, b=2, c=3, d=4, e=5, f=6)
    assert known.of(SEIZURES, large) is not known.of(SEIZURES, large)


def test_where_nothing_is_to_be_kept_nothing_is() -> None:
    known = KnownGroups(0)
    assert known.of(SEIZURES, contents(a=1)) is not known.of(SEIZURES, contents(a=1))


def test_what_cannot_be_read_takes_no_room() -> None:
    known = KnownGroups(4)
    first = known.of(SEIZURES, contents(a=1))
    with pytest.raises(msgspec.DecodeError):
        known.of(SEIZURES, {"a": "["})
    assert known.of(SEIZURES, contents(a=1)) is first
    with pytest.raises(msgspec.DecodeError):
        known.of(STEPS, {"a": "["})
    second = known.of(STEPS, contents(a=1))
    assert known.of(SEIZURES, contents(a=1)) is first
    assert known.of(STEPS, contents(a=1)) is second
