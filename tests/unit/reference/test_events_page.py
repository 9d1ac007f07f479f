"""The reference names every event type with every field, as the models have them today."""

from collections.abc import Callable
from types import ModuleType

import pytest

from unit.reference.conftest import REFERENCE
from wco_events.event_type import EventType
from wco_events.registry import EVENT_TYPES


@pytest.fixture(scope="module")
def make_events(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("make_events")


@pytest.fixture(scope="module")
def page() -> str:
    return (REFERENCE / "events.md").read_text()


def test_the_tables_are_what_the_script_makes_of_the_models(page: str, make_events: ModuleType) -> None:
    assert page == make_events.made(page), "run: python docs/reference/make_events.py"


@pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda event_type: event_type.name)
def test_every_field_stands_under_its_event_type_or_under_the_one_that_it_repeats(
    page: str, event_type: EventType
) -> None:
    section = _section(page, event_type.name)
    repeated = section.partition("All fields of `")[2].partition("`")[0]
    told = section + (_section(page, repeated) if repeated else "")
    assert [field for field in event_type.data.model_fields if f"| `{field}`" not in told] == []
    assert all(f"`{field}`" in section for field in event_type.happened)


def _section(page: str, name: str) -> str:
    _, heading, after = page.partition(f"\n#### `{name}`\n")
    assert heading, f"{name} has no section"
    return after.partition("\n#### ")[0]
