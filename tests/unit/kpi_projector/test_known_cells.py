"""Totals that a fold has left are known to the next one only as long as nobody else has written."""

import pytest

from kpi_projector.known_cells import Extent, KnownCells
from wco_kpi.cell import Address, Cell


def survey(number: int) -> Address:
    return Address("survey", f"{number}", "")


def content(sequence: int) -> Cell:
    return Cell(sequence, None, {"answered": sequence})


def keep(known: KnownCells, at: Extent, versions: dict[Address, list[Cell]]) -> None:
    known.keep(at, versions, {address: index for index, address in enumerate(versions)})


def test_a_total_is_known_as_it_was_written_last() -> None:
    known = KnownCells(10)
    keep(known, Extent(2, 1), {survey(1): [content(1), content(2)]})
    known.begin(Extent(2, 1))
    assert known.get(survey(1)) == (0, content(2))


@pytest.mark.parametrize("found", [Extent(3, 1), Extent(2, 2), Extent(1, 1)])
def test_nothing_is_known_where_another_has_written(found: Extent) -> None:
    known = KnownCells(10)
    keep(known, Extent(2, 1), {survey(1): [content(2)]})
    known.begin(found)
    assert known.get(survey(1)) is None


def test_facts_are_not_kept() -> None:
    known = KnownCells(10)
    fact = Address("submission", "1", "KEN/")
    keep(known, Extent(1, 1), {fact: [content(1)]})
    assert known.get(fact) is None


def test_of_too_many_totals_those_are_forgotten_that_were_written_first() -> None:
    known = KnownCells(2)
    keep(known, Extent(2, 2), {survey(1): [content(1)], survey(2): [content(2)]})
    keep(known, Extent(3, 3), {survey(1): [content(3)], survey(3): [content(3)]})
    assert known.get(survey(2)) is None
    assert known.get(survey(1)) is not None
    assert known.get(survey(3)) is not None
