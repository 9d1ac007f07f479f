"""What the pages say: no message lacks its French, and what services name by a code has words."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import dashboard
from dashboard import words
from make_messages import texts
from wco_events.measure import LAYER_TITLES
from wco_events.registry import EVENT_TYPES_BY_LOG
from wco_kpi.board import Status

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


def test_every_type_of_event_has_words() -> None:
    kinds = {
        each.type.removeprefix("org.wcoomd.").removesuffix(".v1") for log in EVENT_TYPES_BY_LOG.values() for each in log
    }
    assert set(words.EVENTS) == kinds


def test_every_status_and_every_layer_has_words() -> None:
    assert set(words.STATUSES) == {str(status) for status in Status}
    assert set(words.LAYERS) == set(LAYER_TITLES)
