"""Media types: how they are read, and which a client prefers."""

import pytest

from wco_common.media_type import parse_media_type, preferred

BATCH, LINES = "application/cloudevents-batch+json", "application/x-ndjson"


@pytest.mark.parametrize(
    "text", ["", "json", "application/", "/json", "application / json", "a/b;c", "a/b; c = d", "a/b, c/d"]
)
def test_what_is_no_media_type_is_none(text: str) -> None:
    assert parse_media_type(text) is None


def test_a_media_type_is_read_with_its_parameters() -> None:
    found = parse_media_type('Application/Vnd.X+JSON; Charset="utf\\-8" ;; q=0.5')
    assert found is not None
    assert (found.essence, found.parameters) == ("application/vnd.x+json", (("charset", "utf-8"), ("q", "0.5")))


@pytest.mark.parametrize(
    ("text", "is_json"),
    [("application/json", True), ("text/JSON", True), ("application/vnd.x+json; a=b", True), ("application/xml", False),
     ("application/jsonx", False), ("application/x-ndjson", False)],
)  # fmt: skip
def test_json_is_told_by_the_subtype(text: str, is_json: bool) -> None:
    found = parse_media_type(text)
    assert found is not None
    assert found.is_json is is_json


@pytest.mark.parametrize(
    ("accept", "choice"),
    [
        (None, BATCH),
        ("", BATCH),
        ("*/*", BATCH),
        ("application/*", BATCH),
        ("application/json, text/plain, */*", BATCH),
        (BATCH, BATCH),
        ("Application/CloudEvents-Batch+JSON; charset=utf-8", BATCH),
        (LINES, LINES),
        (f"{LINES}, {BATCH}", BATCH),
        (f"{BATCH};q=0.5, {LINES}", LINES),
        (f"*/*;q=0.9, {LINES};q=0.8", BATCH),
        (f"*/*, {BATCH};q=0", LINES),
        ("text/html, application/*;q=0.1", BATCH),
        (f"junk, {LINES}", LINES),
        ("application/json", None),
        ("text/*", None),
        ("*/*;q=0", None),
        (f"{BATCH};q=0", None),
        (f"{BATCH};q=0.0, {LINES};q=0", None),
    ],
)
def test_the_client_gets_what_it_likes_best_of_what_there_is(accept: str | None, choice: str | None) -> None:
    assert preferred(accept, [BATCH, LINES]) == choice
