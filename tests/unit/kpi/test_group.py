"""What is taken from a group's cells is taken once, as long as neither they nor what it rests on change."""

import pytest

from wco_kpi.cell import Address, Cell
from wco_kpi.group import MOST_TAKEN, Group
from wco_kpi.loaded import Loaded

MONTH = ("seizures", "2023-07")
A_REPORT = {"": Cell(1, None, {"seizures": 3}), "none": Cell(2, None, {})}


class Taking:
    """Takes the seizures of a cell, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, address: Address, cell: Cell) -> tuple[int, ...]:
        self.asked += 1
        return (cell.sums["seizures"],) if cell.sums else ()


def test_what_was_taken_once_is_there_and_what_is_empty_is_left_out() -> None:
    group, take = Group(MONTH, A_REPORT), Taking()
    for _ in range(2):
        assert group.taken("seizures", "the plan", take) == {Address(*MONTH, ""): (3,)}
    assert take.asked == 2


def test_it_is_taken_anew_when_it_rests_on_something_else() -> None:
    group, take = Group(MONTH, A_REPORT), Taking()
    for plan in ("the plan", "the revised plan", "the revised plan"):
        group.taken("seizures", plan, take)
    assert take.asked == 4


def test_it_is_taken_anew_when_a_cell_has_changed() -> None:
    group, take = Group(MONTH, A_REPORT), Taking()
    group.taken("seizures", "the plan", take)
    group.put("none", Cell(3, None, {"seizures": 5}))
    assert group.taken("seizures", "the plan", take) == {Address(*MONTH, ""): (3,), Address(*MONTH, "none"): (5,)}


def test_no_more_than_so_much_is_kept_of_a_group() -> None:
    group = Group(MONTH, A_REPORT)
    for day in range(3 * MOST_TAKEN):
        group.taken(day, "the plan", Taking())
        assert len(group._taken) <= MOST_TAKEN


def test_a_cell_that_one_changes_is_as_it_was_for_the_others() -> None:
    shared = Group(MONTH, A_REPORT)
    one, other = Loaded(), Loaded()
    for cells in (one, other):
        cells.load({MONTH: shared})
    copy = one.copy()
    one.put(Address(*MONTH, ""), Cell(4, None, {"seizures": 9}))
    copy.put(Address(*MONTH, "later"), Cell(5, None, {"seizures": 1}))
    one.put(Address(*MONTH, "last"), Cell(6, None, {"seizures": 2}))
    assert one.group(*MONTH)[""].sequence == 4
    assert set(one.group(*MONTH)) == {"", "none", "last"}
    assert set(copy.group(*MONTH)) == {"", "none", "later"}
    assert copy.group(*MONTH)[""].sequence == 1
    assert other.group(*MONTH) == shared == A_REPORT


def test_nothing_is_kept_of_what_failed_half_way() -> None:
    group = Group(MONTH, {"a": Cell(1, None, {"seizures": 3}), "b": Cell(2, None, {"seizures": 5})})

    def failing(address: Address, cell: Cell) -> tuple[int, ...]:
        if address.key == "b":
            raise ValueError("a defect")
        return (0,)

    with pytest.raises(ValueError, match="a defect"):
        group.taken("seizures", "the plan", failing)
    assert list(group.taken("seizures", "the plan", Taking()).values()) == [(3,), (5,)]
