"""What services find wrong with an event is said in the language of the page, and none of it is left out."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import dashboard
import found_faults
import kpi_projector
import operations_feed
import plan_registry
import survey_intake
import wco_common
import wco_events
import wco_kpi
from dashboard.fault_words import FAULTS
from dashboard.language import language
from dashboard.problem_words import PROBLEMS
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
        "plan-registry has no event " + "9" * 40,
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


def of_packages(*packages: ModuleType) -> Iterator[Path]:
    for package in packages:
        yield from Path(package.__path__[0]).rglob("*.py")


def sources() -> Iterator[Path]:
    """The files in which faults of an event that a form sends are made."""
    yield from of_packages(wco_events, plan_registry, survey_intake, operations_feed)
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
            yield from texts(detail)


def texts(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in parts)
        case _:
            pass


def form(text: str) -> str:
    return ".+".join(map(re.escape, text.split("\0")))


@pytest.mark.parametrize("path", sorted(each for each in sources() if any(written(each))), ids=lambda path: path.stem)
def test_no_source_makes_a_fault_that_has_no_text(path: Path) -> None:
    for detail in written(path):
        assert any(re.fullmatch(form(detail), text) for text in FAULTS), detail


def test_no_text_is_of_a_problem_that_no_source_tells() -> None:
    told = {
        form(text)
        for path in of_packages(wco_common, wco_kpi, kpi_projector, dashboard)
        if not path.stem.endswith("_words")
        for node in ast.walk(ast.parse(path.read_text()))
        for text in texts(node)
        if len(text.replace("\0", "")) > len("is no id")  # what is said, not what puts it together
    }
    for text in PROBLEMS:
        # What is wrong with a parameter stands behind its name.
        alone = re.sub(r"^%\(id\)s:? ", "", text)
        assert any(re.fullmatch(each, text) or re.fullmatch(each, alone) for each in told), text


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("'SO9' is not a KPI of the plan", f"«{_SPACE}SO9{_SPACE}» n’est pas un indicateur du plan"),
        (
            "as_of: 2031-01-02T03:04:05.000006Z is in the future; it is 2030-01-01T00:00:00.000000Z",
            f"as_of{_SPACE}: 2 janv. 2031, 03:04:05.000006{_SPACE}UTC est dans l’avenir{_SPACE}; "
            f"il est 1 janv. 2030, 00:00:00.000000{_SPACE}UTC",
        ),
        ("survey-intake cannot be asked: ConnectError", f"survey-intake ne peut être interrogé{_SPACE}: ConnectError"),
    ],
    ids=["a text that was sent", "times", "a service"],
)
def test_why_nothing_is_answered_is_said_in_french(detail: str, said: str) -> None:
    assert said_in(FRENCH, detail) == Said(said, known=True)
