"""What services find wrong with an event is said in the language of the page, and none of it is left out."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import found_faults
import operations_feed
import plan_registry
import survey_intake
import wco_common
import wco_events
from dashboard.fault_words import FAULTS
from dashboard.language import language
from dashboard.refusals import Said, said_in

ENGLISH, FRENCH = language("en"), language("fr")
_SPACE = "\N{NO-BREAK SPACE}"


@cache
def found() -> frozenset[str]:
    return frozenset(found_faults.found())


def test_a_fault_is_said_in_french() -> None:
    assert said_in(FRENCH, "is required") == Said("est obligatoire", known=True)


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("the plan has no objective SO9.x", "le plan n’a pas d’objectif SO9.x"),
        (
            "seizure report op-1/r~2 is retracted: that is final",
            f"le rapport de saisie op-1/r~2 est retiré{_SPACE}: c’est sans retour",
        ),
        (
            "is after 2023-08-28, the recorded end, which a correction leaves",
            "est postérieur au 28 août 2023, la fin enregistrée, qu’une correction laisse en place",
        ),
        (
            "must not be before starts_on, which is 2022-10-02",
            f"ne doit pas précéder «{_SPACE}Commence le{_SPACE}», qui est le 2 oct. 2022",
        ),
        (
            "must not have more seizures (12345) than totals.seizures (48)",
            "ne doit pas compter plus de saisies (12\N{NARROW NO-BREAK SPACE}345) que le total (48)",
        ),
        ("must be 'PTC', 'HSC', 'EC' or 'CBC'", "doit être PTC, HSC, EC ou CBC"),
        ("must be 'EUR'", "doit être EUR"),
        (
            "SO9 is not one of the objectives of plan sp: SO1, SO2 …",
            f"SO9 n’est pas l’un des objectifs du plan sp{_SPACE}: SO1, SO2 …",
        ),
        (
            "-1 is off the scale of survey s, 1 to 5",
            "-1 est hors de l’échelle de l’enquête s, de 1 à 5",
        ),
    ],
    ids=["an id", "two ids", "a day", "a field", "a number", "codes", "a code", "a list", "a rating"],
)
def test_what_stands_in_a_fault_is_written_as_the_language_writes_it(detail: str, said: str) -> None:
    assert said_in(FRENCH, detail) == Said(said, known=True)


@pytest.mark.parametrize(
    "detail",
    [
        "",
        "is not what the service of another version takes",
        "the plan has no objective SO 9",
        "the plan has no objective SO9, and no other",
        "lists <b>FRA</b> a second time",
        "must be '%(codes)s",
    ],
)
def test_what_the_catalogue_does_not_have_stays_as_the_service_says_it(detail: str) -> None:
    assert said_in(FRENCH, detail) == Said(detail, known=False)


def test_a_day_that_is_none_and_a_field_that_no_form_has_stay_as_they_are() -> None:
    said = said_in(FRENCH, "must not be before such_on, which is 2022-02-30")
    assert said == Said(f"ne doit pas précéder «{_SPACE}such_on{_SPACE}», qui est le 2022-02-30", known=True)


def test_in_english_a_fault_is_what_the_service_says() -> None:
    assert all(said_in(ENGLISH, detail) == Said(detail, known=True) for detail in found())


def test_every_fault_that_services_find_is_said_in_french() -> None:
    assert len(found()) > 500
    assert [detail for detail in found() if not said_in(FRENCH, detail).known] == []


def test_no_text_is_of_a_fault_that_no_service_finds() -> None:
    told = {said_in(FRENCH, detail).text for detail in found()}
    places = re.compile(r"%\(\w+\)s")
    for text in FAULTS:
        shown = ".*".join(map(re.escape, places.split(FRENCH.text(text))))
        assert any(re.fullmatch(shown, each) for each in told), text


def sources() -> Iterator[Path]:
    """The files in which faults of an event that a form sends are made."""
    for package in (wco_events, plan_registry, survey_intake, operations_feed):
        yield from Path(package.__path__[0]).rglob("*.py")
    yield from (
        Path(wco_common.__path__[0], f"{name}.py") for name in ("entity", "decider", "strict_json", "sequencing")
    )


def written(path: Path) -> Iterator[str]:
    """The details of faults as a source writes them, a NUL standing for what is filled in."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fault":
            where, detail = node.args[:2]
            if isinstance(where, ast.Constant) and where.value == "If-Match":
                continue  # No form sends the header.
            match detail:
                case ast.Constant(value=str(text)):
                    yield text
                case ast.JoinedStr(values=parts):
                    yield "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in parts)


@pytest.mark.parametrize("path", sorted(each for each in sources() if any(written(each))), ids=lambda path: path.stem)
def test_no_source_makes_a_fault_that_has_no_text(path: Path) -> None:
    for detail in written(path):
        form = ".+".join(map(re.escape, detail.split("\0")))
        assert any(re.fullmatch(form, text) for text in FAULTS), detail
