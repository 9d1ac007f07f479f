"""The table of settings in docs/operations.md has exactly those that there are, with their defaults and their words."""

import importlib
import re
from pathlib import Path

import typer.main

from wco_cluster import environment, options
from wco_cluster.cli import app
from wco_cluster.prepare import PrepareSettings
from wco_common.settings import Settings
from wco_embedded.environment import SETTINGS
from wco_embedded.options import OPTIONS as OPTIONS_OF_UP

OPTIONS = {*OPTIONS_OF_UP, *options.OPTIONS}
ROOT = Path(__file__).parents[3]
ROW = re.compile(r"^\| `((?:WCO_KPI|OTEL)_[A-Z_]+)` \| (required|none|`[^`]*`) \| (.*) \|$", re.MULTILINE)
TABLE = {row[1]: (row[2], row[3]) for row in ROW.finditer((ROOT / "docs" / "operations.md").read_text())}


def settings_classes() -> set[type[Settings]]:
    """Every class of settings in the code."""
    found = set()
    for room in ("libs", "services", "deploy"):
        for file in (ROOT / room).glob("*/*/**/*.py"):
            for name in re.findall(r"^class (\w+)\(\w*Settings\):", file.read_text(), re.MULTILINE):
                package = file.relative_to(ROOT).with_suffix("").parts[2:]
                kind = getattr(importlib.import_module(".".join(package)), name)
                if issubclass(kind, Settings):
                    found.add(kind)
    return found - {Settings}


def default(value: object) -> str:
    """A default as the table has it."""
    if value is ...:
        return "required"
    if value in ("", None):
        return "none"
    return (
        f"`{value:g}`" if isinstance(value, float) else f"`{str(value).lower() if isinstance(value, bool) else value}`"
    )


def options_given() -> dict[str, str]:
    """The default of every option that a variable of the environment stands for."""
    commands = typer.main.get_group(app).commands.values()
    parameters = [parameter for command in commands for parameter in command.params if parameter.envvar]
    return {str(parameter.envvar): default(parameter.default) for parameter in parameters}


def test_every_setting_stands_in_the_table_with_its_default_and_its_words() -> None:
    expected = {
        variable: (default(... if field.is_required() else field.default), field.description)
        for kind in settings_classes()
        for variable, field in kind.variables().items()
    }
    assert {variable: row for variable, row in TABLE.items() if variable not in OPTIONS} == expected


def test_every_option_that_the_environment_can_give_stands_in_the_table_with_its_default() -> None:
    assert options_given().keys() == set(OPTIONS)
    assert {variable: TABLE[variable][0] for variable in OPTIONS} == options_given()


def test_the_commands_know_every_setting_but_those_of_a_cluster_which_its_own_know() -> None:
    known = {variable for kind in SETTINGS for variable in kind.variables()}
    parts = ("KAFKA", "RELAY", "LEASE", "LOG_CLIENT", "CLUSTER", "PROXY", "PREPARE", "READER", "DASHBOARD_AT")
    of_a_cluster = {variable for variable in TABLE if variable.startswith(tuple(f"WCO_KPI_{part}_" for part in parts))}
    assert known == TABLE.keys() - OPTIONS - of_a_cluster
    kinds: list[type[Settings]] = [*environment.SETTINGS, PrepareSettings]
    known = known.union(*(kind.variables() for kind in kinds))
    assert known == TABLE.keys() - OPTIONS
