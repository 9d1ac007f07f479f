"""What the pages say: no message lacks its French, and what services name by a code has words."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import dashboard
from dashboard import words
from wco_events.measure import LAYER_TITLES
from wco_events.registry import EVENT_TYPES_BY_LOG
from wco_kpi.board import Status

ROOM = Path(dashboard.__file__).parent
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


def french() -> Catalog:
    with (ROOM / "locale" / "fr.po").open("rb") as file:
        return read_po(file, locale="fr", abort_invalid=True)


def messages() -> set[str]:
    return {
        message if isinstance(message, str) else message[0]
        for _, _, message, _, _ in extract_from_dir(ROOM, METHODS, keywords={"_": None, "N_": None, "ngettext": (1, 2)})
    }


def test_every_message_has_its_french_and_no_french_is_of_a_message_that_is_gone() -> None:
    catalogue = french()
    translated = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id
        and not message.fuzzy
        and all([message.string] if isinstance(message.string, str) else message.string)
    }
    assert translated == messages()
    assert not catalogue.obsolete


def test_a_french_message_has_the_places_of_its_english() -> None:
    assert [error for _, errors in french().check() for error in errors] == []


def test_every_type_of_event_has_words() -> None:
    kinds = {
        each.type.removeprefix("org.wcoomd.").removesuffix(".v1") for log in EVENT_TYPES_BY_LOG.values() for each in log
    }
    assert set(words.EVENTS) == kinds


def test_every_status_and_every_layer_has_words() -> None:
    assert set(words.STATUSES) == {str(status) for status in Status}
    assert set(words.LAYERS) == set(LAYER_TITLES)
