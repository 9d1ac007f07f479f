"""Totals that a fold has left are known to the next one only as long as nobody else has written."""

from collections.abc import Iterable

import pytest

from kpi_projector.known_cells import Extent, Known, KnownCells
from wco_kpi.cell import Address, Cell


def survey(number: int) -> Address:
    return Address("survey", f"{number}", "")


def submission(number: int) -> Address:
    return Address("submission", "1", f"KEN/{number}")


def left(number: int, sequence: int) -> Known:
    return number, Cell(sequence, None, {"answered": sequence})


def keep(known: KnownCells, at: Extent, left: dict[Address, Known], new: Iterable[Address]) -> None:
    facts = {address: cell for address, cell in left.items() if address.kind == "submission"}
    known.keep(at, [facts, {address: cell for address, cell in left.items() if address not in facts}], new)


def at_hand(known: KnownCells, address: Address) -> Known | None:
    return known.look_up([address])[0].get(address)


def test_a_total_is_known_as_it_was_left_last() -> None:
    known = KnownCells(10)
    keep(known, Extent(1, 1), {survey(1): left(1, 1)}, ())
    keep(known, Extent(2, 1), {survey(1): left(1, 2)}, ())
    known.begin(Extent(2, 1))
    assert at_hand(known, survey(1)) == left(1, 2)


@pytest.mark.parametrize("found", [Extent(3, 1), Extent(2, 2), Extent(1, 1)])
def test_nothing_is_known_where_another_has_written(found: Extent) -> None:
    known = KnownCells(10)
    keep(known, Extent(2, 1), {survey(1): left(1, 2), submission(1): left(2, 2)}, ())
    known.begin(found)
    assert at_hand(known, survey(1)) is None
    assert at_hand(known, submission(1)) is None


def test_facts_are_known_until_they_are_written() -> None:
    known = KnownCells(10)
    keep(known, Extent(1, 2), {submission(1): left(1, 1), survey(1): left(2, 1)}, ())
    keep(known, Extent(2, 3), {submission(2): left(3, 2)}, ())
    known.are_being_written()
    keep(known, Extent(3, 4), {submission(3): left(4, 3)}, ())
    assert [at_hand(known, submission(each)) for each in (1, 2, 3)] == [left(1, 1), left(3, 2), left(4, 3)]
    known.are_being_written()
    assert [at_hand(known, submission(each)) for each in (1, 2, 3)] == [None, None, left(4, 3)]
    assert at_hand(known, survey(1)) == left(2, 1)


def test_from_the_beginning_on_nearly_every_cell_is_known_that_there_is_not() -> None:
    known = KnownCells(10)
    there = [submission(each) for each in range(10_000)]
    keep(known, Extent(10_000, 10_000), {address: left(0, 1) for address in there}, there)
    known.are_being_written()
    known.are_being_written()
    assert known.look_up(there) == ({}, there)
    _, unknown = known.look_up(submission(each) for each in range(10_000, 20_000))
    assert len(unknown) < 50  # by their hashes, which differ from process to process


def test_who_has_not_folded_from_the_beginning_knows_of_no_cell_that_it_is_not_there() -> None:
    known = KnownCells(10)
    assert known.look_up([submission(1)]) == ({}, [])
    known.begin(Extent(1, 1))
    assert known.look_up([submission(1)]) == ({}, [submission(1)])


def test_of_too_many_totals_those_are_forgotten_that_were_left_first() -> None:
    known = KnownCells(2)
    keep(known, Extent(2, 2), {survey(1): left(1, 1), survey(2): left(2, 2)}, ())
    keep(known, Extent(3, 3), {survey(1): left(1, 3), survey(3): left(3, 3)}, ())
    known.are_being_written()
    known.are_being_written()
    assert at_hand(known, survey(2)) is None
    assert at_hand(known, survey(1)) == left(1, 3)
    assert at_hand(known, survey(3)) == left(3, 3)


def test_however_many_totals_there_are_none_is_forgotten_that_may_not_be_written() -> None:
    known = KnownCells(1)
    keep(known, Extent(2, 2), {survey(1): left(1, 1), survey(2): left(2, 2)}, ())
    known.are_being_written()
    keep(known, Extent(4, 4), {survey(3): left(3, 3), survey(4): left(4, 4)}, ())
    assert [at_hand(known, survey(each)) for each in (1, 2, 3, 4)] == [left(each, each) for each in (1, 2, 3, 4)]
