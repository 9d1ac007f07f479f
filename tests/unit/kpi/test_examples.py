"""The scorecards that two independent programs, written from the contract alone, agree on."""

import json
from decimal import Decimal
from typing import Any

import pytest

from folding import EXAMPLES, board_at, example
from wco_common.instant import parse_instant
from wco_kpi.scorecard import group_answers, kpi_answers


def told(kpi: dict[str, Any], figures: dict[str, Any]) -> dict[str, Any]:
    reference = kpi["reference"]
    flat = kpi | {"reference": None if reference is None else reference["value"]}
    return {figure: comparable(flat.get(figure)) for figure in figures}


def comparable(value: Any) -> Any:
    """Numbers and decimal strings compare as numbers, each with its own kind."""
    if isinstance(value, str) and value.replace(".", "", 1).isdigit():
        return "text", Decimal(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return "number", Decimal(str(value))
    return value


@pytest.mark.parametrize("name", ["edges", "a", "b", "c"])
def test_every_figure_and_every_group_of_an_example_agrees(name: str) -> None:
    events = example(name)
    entries = json.loads((EXAMPLES / name / "expected.json").read_bytes())
    for entry in entries:
        board = board_at(events, parse_instant(entry["as_of"]))
        answers = {kpi["id"]: kpi for kpi in kpi_answers(board, entry["period"])}
        where = name, entry["period"], entry["as_of"]
        for kpi, figures in entry["kpis"].items():
            expected = {figure: comparable(value) for figure, value in figures.items()}
            assert (*where, kpi, told(answers[kpi], figures)) == (*where, kpi, expected)
        for by, groups in entry.get("groups", {}).items():
            kpi, _, dimension = by.partition(" by ")
            answered = [
                {key: comparable(value) for key, value in group.items()}
                for group in group_answers(board, kpi, entry["period"], dimension)
            ]
            expected_groups = [{key: comparable(value) for key, value in group.items()} for group in groups]
            assert (*where, by, answered) == (*where, by, expected_groups)
    assert len(entries) >= 24
