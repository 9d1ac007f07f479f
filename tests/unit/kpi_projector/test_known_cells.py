"""Totals that a fold has left are known to the next one only as long as nobody else has written."""

import pytest

from kpi_projector.known_cells import Extent, KnownCells
from wco_kpi.cell import Address, Cell
from wco_kpi.fold import Version


def survey(number: int) -> Address:
    return Address("survey", f"{number}", "")


def version(address: Address, sequence: int) -> Version:
    return Version(address, Cell(sequence, None, {"answered": sequence}))


def kept(known: KnownCells, at: Extent, *versions: Version) -> None:
    known.keep(at, versions, {address: index for index, (address, _) in enumerate(versions)})


def test_a_total_is_known_as_it_was_written_last() -> None:
    known = KnownCells(10)
    kept(known, Extent(2, 1), version(survey(1), 1), version(survey(1), 2))
    known.begin(Extent(2, 1))
    assert known.get(survey(1)) == (1, version(survey(1), 2).cell)


@pytest.mark.parametrize("found", [Extent(3, 1), Extent(2, 2), Extent(1, 1)])
def test_nothing_is_known_where_another_has_written(found: Extent) -> None:
    known = KnownCells(10)
    kept(known, Extent(2, 1), version(survey(1), 2))
    known.begin(found)
    assert known.get(survey(1)) is None


def test_facts_are_not_kept() -> None:
    known = KnownCells(10)
    fact = Address("submission", "1", "KEN/")
    kept(known, Extent(1, 1), version(fact, 1))
    assert known.get(fact) is None


def test_of_too_many_totals_those_are_forgotten_that_were_written_first() -> None:
    known = KnownCells(2)
    kept(
        known, Extent(3, 3), version(survey(1), 1), version(survey(2), 2), version(survey(1), 3), version(survey(3), 3)
    )
    assert known.get(survey(2)) is None
    assert known.get(survey(1)) is not None
    assert known.get(survey(3)) is not None
