"""What the pages say: no message lacks its French, and what services name by a code has words."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import dashboard
from dashboard import words
from dashboard.desk_words import CODES
from dashboard.event_types import EventType as Shown
from dashboard.field import Choice, Field
from dashboard.language import language
from dashboard.parts import Group, Rows
from dashboard.schema import field_of
from make_messages import texts
from wco_common.log_openapi import type_listing
from wco_common.spreadsheet.kind import KINDS
from wco_events.event_type import EventType
from wco_events.measure import LAYER_TITLES
from wco_events.registry import EVENT_TYPES, EVENT_TYPES_BY_LOG
from wco_kpi.status import Status

ROOM = Path(dashboard.__file__).parent


def french() -> Catalog:
    with (ROOM / "locale" / "fr.po").open("rb") as file:
        return read_po(file, locale="fr", abort_invalid=True)


def named(catalogue: Catalog) -> set[str]:
    return {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue if message.id}


def test_every_message_has_its_french_and_no_french_is_of_a_message_that_is_gone() -> None:
    catalogue = french()
    assert named(catalogue) == named(texts())
    for message in catalogue:
        assert all([message.string] if isinstance(message.string, str) else message.string or [""]), message.id
        assert not message.fuzzy, message.id
    assert not catalogue.obsolete


def test_a_french_message_has_the_places_of_its_english() -> None:
    assert [error for _, errors in french().check() for error in errors] == []


def test_french_has_a_space_that_does_not_break_where_it_wants_one() -> None:
    for message in french():
        for said in [message.string] if isinstance(message.string, str) else message.string or ():
            assert not re.search(r" [:;?!»]|« ", said if message.id else ""), said


@pytest.mark.parametrize("template", sorted((ROOM / "templates").glob("*.html")), ids=lambda each: each.name)
def test_a_colon_of_a_template_is_a_text_since_languages_write_it_differently(template: Path) -> None:
    shown = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template.read_text(), flags=re.DOTALL)
    assert re.findall(r".*:(?: |<).*", re.sub(r"<[^>]*>", "<>", shown)) == []


def test_every_type_of_event_has_words() -> None:
    kinds = {
        each.type.removeprefix("org.wcoomd.").removesuffix(".v1") for log in EVENT_TYPES_BY_LOG.values() for each in log
    }
    assert set(words.EVENTS) == kinds


@pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda each: each.name)
def test_all_that_a_form_says_has_its_french(event_type: EventType) -> None:
    speaking = language("fr")
    shown = msgspec.convert(type_listing(event_type), Shown)
    assert [text for text in shown.texts() if not speaking.has(text)] == []
    for choice in choices(shown.event()):
        words = CODES.get(choice.codes, {})
        assert set(choice.options) <= set(words), choice
        assert [word for word in words.values() if not speaking.has(word)] == []


def choices(field: Field) -> Iterator[Choice]:
    """The choices of a form whose options are shown by words: of what is typed, as a country's code, they are codes."""
    match field:
        case Choice(long=False):
            yield field
        case Group():
            for each in field.fields.values():
                yield from choices(each)
        case Rows():
            yield from choices(field.item)


def test_what_a_schema_says_newly_has_no_french_until_it_is_translated() -> None:
    said = dict(EVENT_TYPES["org.wcoomd.survey.closed.v1"].data.model_json_schema())
    said["properties"] = {**said["properties"], "mood": {"title": "Mood of the day", "enum": ["good", "bad"]}}
    field = field_of(said, said)
    assert isinstance(field, Group)
    assert [text for text in field.fields["mood"].texts() if not language("fr").has(text)] == ["Mood of the day"]
    (mood,) = (each for each in choices(field) if each.codes == "mood")
    assert CODES.get(mood.codes) is None


def test_every_kind_of_spreadsheet_has_words() -> None:
    assert set(words.SPREADSHEETS) == set(KINDS)


def test_every_status_and_every_layer_has_words() -> None:
    assert set(words.STATUSES) == {str(status) for status in Status}
    assert set(words.LAYERS) == set(LAYER_TITLES)
