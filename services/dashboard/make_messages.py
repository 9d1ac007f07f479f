"""Brings the French catalogue up to the texts of templates, code and schemas: `make messages`.

What is new has no French yet.
"""

from io import BytesIO
from pathlib import Path

import msgspec
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from dashboard.event_types import EventType
from wco_common.log_openapi import type_listing
from wco_events.registry import EVENT_TYPES

ROOM = Path(__file__).parent / "dashboard"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


def texts() -> Catalog:
    """Return every text that pages may show: of templates and code as they stand there, and of the forms for events."""
    found = Catalog()
    for _, _, message, _, context in extract_from_dir(ROOM, METHODS, keywords=KEYWORDS):
        found.add(message, context=context)
    for event_type in EVENT_TYPES.values():
        for text in msgspec.convert(type_listing(event_type), EventType).texts():
            found.add(text)
    return found


def main() -> None:
    """Write the catalogue anew, with its own head, and say what it lacks."""
    path = ROOM / "locale" / "fr.po"
    head, separator, _ = path.read_text().partition("\n\n")
    with path.open("rb") as file:
        catalogue = read_po(file, locale="fr", abort_invalid=True)
    catalogue.update(texts(), no_fuzzy_matching=True)
    written = BytesIO()
    write_po(written, catalogue, width=110, omit_header=True, ignore_obsolete=True)
    path.write_text(head + separator + written.getvalue().decode().strip() + "\n")
    for message in catalogue:
        if message.id and not message.string:
            print(f"no French yet: {message.id}")


if __name__ == "__main__":
    main()
