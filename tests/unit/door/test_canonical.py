"""The canonical form: of whatever the door accepts, byte for byte that of an implementation of RFC 8785 by others."""

import json
from typing import Any

import rfc8785
from hypothesis import event, given
from hypothesis import strategies as st

from histories import History, histories
from wco_common.canonical import canonical
from wco_common.cloudevents import read_events
from wco_common.door import Door
from wco_common.instant import parse_instant
from wco_common.problem import Invalid
from wco_common.strict_json import Document, faults_in
from wco_events.forms import MAX_INTEGER
from wco_events.registry import EVENT_TYPES

SUBMITTED = EVENT_TYPES["org.wcoomd.survey.submitted.v1"]
AT = parse_instant("2024-06-26T12:00:00.000001Z")

# Two characters that UTF-16 and UTF-8 sort differently, every control character, and what JSON escapes.
characters = st.one_of(
    st.characters(codec="utf-8"),
    st.sampled_from([*map(chr, range(0x21)), '"', "\\", "/", "\x7f", "\u2028", "\ufb01", "\U0001f600", "<", "&"]),
)
texts = st.text(characters)
keys = st.text(st.characters(codec="ascii"))
integers = st.integers(-MAX_INTEGER, MAX_INTEGER) | st.sampled_from([0, MAX_INTEGER, -MAX_INTEGER])
accepted = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=8),
    max_leaves=30,
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(st.characters(), max_size=2), inner, max_size=5)
    ),
    max_leaves=12,
)


def spelt(value: Any, *, escaped: bool, indent: int | None, sort: bool) -> bytes:
    """One of the many texts of a JSON value."""
    return json.dumps(value, ensure_ascii=escaped, indent=indent, sort_keys=sort).encode("utf-8", "surrogatepass")


spellings = st.fixed_dictionaries(
    {"escaped": st.booleans(), "indent": st.sampled_from([None, 0, 3]), "sort": st.booleans()}
)


@given(accepted, spellings)
def test_what_is_accepted_has_the_references_bytes_however_it_was_spelt(value: Any, spelling: dict[str, Any]) -> None:
    document = Document(spelt(value, **spelling))
    assert not list(faults_in(document.value))
    assert canonical(document.value) == rfc8785.dumps(value)


@given(anything)
def test_of_any_json_what_is_not_refused_has_the_references_bytes(value: Any) -> None:
    document = Document(json.dumps(value).encode())
    refused = any(faults_in(document.value))
    event("refused" if refused else "accepted")
    if not refused:
        assert canonical(document.value) == rfc8785.dumps(value)


def test_a_zero_with_a_sign_is_zero() -> None:
    assert canonical(Document(b'{"a": [-0, 0]}').value) == b'{"a":[0,0]}'


@given(texts, st.dictionaries(st.from_regex("[a-z0-9]{1,8}", fullmatch=True), texts | integers | st.booleans()))
def test_an_event_that_passes_the_door_is_recorded_as_the_references_bytes(
    comments: str, extensions: dict[str, Any]
) -> None:
    sent = {**extensions, **SUBMITTED.example, "data": SUBMITTED.example["data"] | {"comments": comments}}
    try:
        (passed,) = Door({SUBMITTED.type: SUBMITTED}).admit(read_events("structured", [], json.dumps(sent).encode()))
    except Invalid:
        event("refused")
        return
    event("passed")
    places = {"sequence": "0000000000000042", "recordedtime": "2024-06-26T12:00:00.000001Z", "subjectversion": 7}
    assert passed.recorded(42, AT, 7) == rfc8785.dumps({"datacontenttype": "application/json"} | sent | places)


@given(histories(40))
def test_every_line_of_a_history_is_the_references_bytes(history: History) -> None:
    for lines in history.values():
        assert lines == [rfc8785.dumps(json.loads(line)) for line in lines]
