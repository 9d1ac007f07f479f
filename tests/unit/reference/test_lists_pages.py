"""The pages on lists and views say what the services declare today."""

from collections.abc import Callable
from types import ModuleType

import pytest

from unit.reference.conftest import REFERENCE


@pytest.fixture(scope="module")
def make_lists(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("make_lists")


@pytest.mark.parametrize(("name", "tables"), [("lists", "lists_of"), ("views", "views_of")])
def test_the_tables_are_what_the_script_makes_of_the_declarations(
    make_lists: ModuleType, name: str, tables: str
) -> None:
    page = (REFERENCE / f"{name}.md").read_text()
    assert page == make_lists.made(page, getattr(make_lists, tables)), "run: python docs/reference/make_lists.py"
    assert page.count("\n#### ") > 10
