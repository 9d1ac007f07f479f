"""JSON read strictly: everything refused is found, at its place, and nothing else."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wco_common.problem import Invalid, NotJson
from wco_common.strict_json import Document, _ordinary, faults_in
from wco_events.fault import Fault
from wco_events.forms import MAX_INTEGER


def faults_of(body: str | bytes) -> list[str]:
    document = Document(body.encode() if isinstance(body, str) else body)
    found = [fault.pointer for fault in faults_in(document.value)]
    assert document.suspect or not found
    return found


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ('{"a": 1.0}', ["/a"]),
        ('{"a": -0.0}', ["/a"]),
        ('{"a": 1e3}', ["/a"]),
        ('{"a": [0, 1E-1]}', ["/a/1"]),
        (f'{{"a": {MAX_INTEGER + 1}}}', ["/a"]),
        (f'{{"a": {-MAX_INTEGER - 1}}}', ["/a"]),
        (f'{{"a": {"9" * 5_000}}}', ["/a"]),
        (f'{{"a": -{"9" * 5_000}}}', ["/a"]),
        ('{"a": 1, "a": 1}', ["/a"]),
        ('{"a": 1, "b": 2, "a": 1, "b": 3, "a": 4}', ["/a", "/b"]),
        ('{"a": {"b~/c": 1, "b~/c": 2}}', ["/a/b~0~1c"]),
        ('{"\\u0061": 1, "a": 2}', ["/a"]),
        ('{"é": 1}', ["/é"]),
        ('{"\\u00e9": 1}', ["/é"]),
        ('{"a": "\\ud800"}', ["/a"]),
        ('{"a": "x\\udc00\\ud800"}', ["/a"]),
        ('{"\\ud800": 1}', ["/\N{REPLACEMENT CHARACTER}"]),
        ('{"a": [1.5, {"b": 1, "b": 2}], "c": "\\ud800"}', ["/a/0", "/a/1/b", "/c"]),
        ("1.5", [""]),
    ],
)
def test_what_is_refused_is_told_with_its_place(body: str, pointers: list[str]) -> None:
    assert faults_of(body) == pointers


@pytest.mark.parametrize(
    "body",
    [
        f'{{"a": [{MAX_INTEGER}, {-MAX_INTEGER}, -0, 0, true, null]}}',
        '{"a": "\\ud83d\\ude00 é 😀 \\u0000 \\u00e9"}',
        '{"a": "1.5", "b": {"a": ""}}',
    ],
)
def test_what_is_not_refused_passes(body: str) -> None:
    assert faults_of(body) == []


def test_the_values_are_those_of_json() -> None:
    body = '{"a": [1, -2, "é\\n", true, false, null, {"b": {}}]}'
    assert Document(body.encode()).value == json.loads(body)


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_an_integer_passes_exactly_within_2_to_the_53_less_1(number: int) -> None:
    assert faults_of(f"[{number}]") == ([] if abs(number) <= MAX_INTEGER else ["/0"])


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_nesting_without_end_is_refused_and_breaks_nothing(opening: str) -> None:
    with pytest.raises(Invalid):
        Document((opening * 200_000).encode())


def test_a_fault_deep_down_is_found() -> None:
    (pointer,) = faults_of("[" * 500 + "1.5" + "]" * 500)
    assert pointer == "/0" * 500


def test_details_say_what_is_wrong() -> None:
    (fault,) = faults_in(Document(b'{"a": 1.5}').value, 3, "data")
    assert fault == Fault("/3/data/a", "has a fraction or an exponent; numbers here are integers, decimals are strings")


def test_where_a_text_stops_being_json_is_told_in_words_that_can_be_read() -> None:
    with pytest.raises(NotJson, match=r"is not JSON: Unterminated string starting at line 1, column 2$"):
        Document(b'{"a')
    with pytest.raises(NotJson, match=r"is not JSON: Expecting value at line 2, column 6$"):
        Document(b'{\n"a": }')


class Written(str):
    """A number as it stands in a text."""


class Pairs(tuple[tuple[str, object], ...]):
    """An object in which a key may stand more than once."""


NAMES = st.sampled_from(["a", "b", "a b", "", "\x7f"])
LEAVES = st.none() | st.booleans() | NAMES | st.integers(-(10**14), 10**14)
ODD = st.sampled_from(["-0", "1.5", "1e3", "-0.0", str(2**53), "9" * 17]).map(Written) | st.sampled_from(
    ["é", "\\", "\n"]
)


def documents(leaves: st.SearchStrategy[object], names: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(names, inner), max_size=3).map(Pairs),
    )


def text_of(value: object, blank: str) -> str:
    match value:
        case Written():
            return value
        case Pairs():
            members = (f"{text_of(key, blank)}{blank}:{text_of(member, blank)}" for key, member in value)
            return "{" + f"{blank},".join(members) + "}"
        case list():
            return "[" + f",{blank}".join(text_of(item, blank) for item in value) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)


ORDINARY = documents(LEAVES, NAMES)
ANY = documents(LEAVES | ODD, NAMES | st.sampled_from(["é", "\\"]))
BLANKS = st.sampled_from(["", " ", "\n\t", "\r"])
WHOLE = st.builds(text_of, ORDINARY | ANY, BLANKS)
BROKEN = st.lists(
    st.sampled_from([*"{}[],: ", "\n", "\x0c", "\x7f", '"a"', '"', "1", "-0", "01", "1.5", "true", "NaN", "\\"]),
    max_size=8,
).map("".join)


@settings(max_examples=400)
@given(WHOLE | BROKEN)
def test_the_fast_parser_reads_nothing_that_the_other_would_read_otherwise(text: str) -> None:
    def read(by: Callable[[Document], None]) -> object:
        document = Document.__new__(Document)
        try:
            by(document)
        except NotJson as error:
            return str(error)
        faults = list(faults_in(document.value))
        return faults or repr(document.value)

    body = text.encode()
    assert read(lambda document: document.__init__(body)) == read(lambda document: document._read_with_marks(body))  # type: ignore[misc]


@given(documents(LEAVES, st.uuids().map(str)), BLANKS)
def test_an_ordinary_document_is_read_by_the_fast_parser(value: object, blank: str) -> None:
    body = text_of(value, blank).encode()
    assert repr(_ordinary(body)) == repr(json.loads(body))
