"""What is wrong with rows is told shortly, and of no row is it left out."""

import re
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from wco_embedded.spreadsheet.faults import sentences
from wco_embedded.spreadsheet.row import RowFault

FAULTS = st.lists(
    st.builds(
        RowFault,
        line=st.integers(2, 40),
        columns=st.sampled_from([(), ("Day",), ("FY", "Month")]),
        detail=st.sampled_from(["is wrong", "is wrong, too"]),
    ),
    max_size=40,
)


def named(sentence: str) -> list[int]:
    """The lines that a sentence names."""
    lines: list[int] = []
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", sentence.partition(":")[0]):
        lines += range(int(first), int(last or first) + 1)
    return lines


def test_what_is_wrong_in_the_same_way_is_told_once_with_all_its_lines() -> None:
    faults = [RowFault(line, ("Day",), "is wrong") for line in (9, 3, 4, 5)]
    faults.append(RowFault(4, ("FY", "Month"), "is none"))
    assert list(sentences(faults, 10)) == ["lines 3-5, 9, 'Day': is wrong", "line 4, 'FY' and 'Month': is none"]


@given(FAULTS, st.integers(1, 5))
def test_exactly_the_lines_that_are_wrong_are_named_however_few_faults_are_told(
    faults: list[RowFault], most: int
) -> None:
    told = list(sentences(faults, most))
    assert {line for sentence in told for line in named(sentence)} == {fault.line for fault in faults}
    assert len(told) <= most + 1


@given(FAULTS)
def test_each_fault_names_exactly_its_lines(faults: list[RowFault]) -> None:
    of_each: dict[object, set[int]] = defaultdict(set)
    for fault in faults:
        of_each[fault.columns, fault.detail].add(fault.line)
    assert sorted(map(named, sentences(faults, 100))) == sorted(sorted(lines) for lines in of_each.values())
