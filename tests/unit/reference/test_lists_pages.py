"""The pages on lists and views say what the services declare today."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"


@pytest.fixture(scope="module")
def make_lists() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_lists", REFERENCE / "make_lists.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("name", "tables"), [("lists", "lists_of"), ("views", "views_of")])
def test_the_tables_are_what_the_script_makes_of_the_declarations(
    make_lists: ModuleType, name: str, tables: str
) -> None:
    page = (REFERENCE / f"{name}.md").read_text()
    assert page == make_lists.made(page, getattr(make_lists, tables)), "run: python docs/reference/make_lists.py"
    assert page.count("\n#### ") > 10
