"""The type system of CloudEvents: which values an attribute may have."""

import pytest

from wco_common.attribute_types import (
    absolute_uri_fault,
    extension_fault,
    name_fault,
    string_fault,
    timestamp_fault,
    uri_reference_fault,
)


@pytest.mark.parametrize("value", ["", "a", "é 😀 \u00a0", "\ufdcf\ufdf0\ufffd", "\U0001fffd", "~ !"])
def test_a_string_takes_every_character_that_is_one(value: str) -> None:
    assert string_fault(value) is None


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x1f", "\n", "\x7f", "\x9f", "\ud800", "\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001fffe",
     "\U0010ffff"],
)  # fmt: skip
def test_a_string_has_no_control_character_surrogate_or_noncharacter(character: str) -> None:
    assert string_fault(f"a{character}") is not None


@pytest.mark.parametrize("value", [1, True, None, [], {}])
def test_a_string_is_a_string(value: object) -> None:
    assert string_fault(value) is not None


def test_a_name_is_not_empty() -> None:
    assert name_fault("") is not None
    assert name_fault(" ") is None


ABSOLUTE = ["https://example.org/intake?x=1", "mailto:a@b.org", "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66", "a:b",
            "http://u:p@[::1]:80/", "file:///x", "x:"]  # fmt: skip
RELATIVE = ["/cloudevents/spec/pull/123", "1-555-123-4567", "intake", "//host/x", "?q", "#f", "./a:b", "/a%20b", "*"]
WITH_FRAGMENT = ["https://example.org/a#b"]
NEITHER = ["", "a b", "é", "/%zz", "/%", "http://[bad", "a#b#c", "http://host:port", ":a", "1a:b", "/a\\b", '/"',
           "/{a}", "<a>", "a|b", "http://a@b@c"]  # fmt: skip


@pytest.mark.parametrize("value", ABSOLUTE + RELATIVE + WITH_FRAGMENT)
def test_a_uri_reference_is_absolute_or_relative(value: str) -> None:
    assert uri_reference_fault(value) is None


@pytest.mark.parametrize("value", [*NEITHER, 1, None])
def test_what_the_grammar_does_not_make_is_no_uri_reference(value: object) -> None:
    assert uri_reference_fault(value) is not None


@pytest.mark.parametrize("value", ABSOLUTE)
def test_an_absolute_uri_has_a_scheme(value: str) -> None:
    assert absolute_uri_fault(value) is None


@pytest.mark.parametrize("value", [*RELATIVE, *WITH_FRAGMENT, *NEITHER, 1])
def test_what_has_no_scheme_or_has_a_fragment_is_no_absolute_uri(value: object) -> None:
    assert absolute_uri_fault(value) is not None


@pytest.mark.parametrize(
    "value",
    ["2024-06-26T12:00:00Z", "2024-06-26t12:00:00z", "2024-06-26T12:00:00.123456789+05:30", "2024-02-29T00:00:00-00:00",
     "1990-12-31T23:59:60Z", "0000-02-29T00:00:00Z", "9999-12-31T23:59:59.9Z"],
)  # fmt: skip
def test_a_timestamp_is_rfc_3339(value: str) -> None:
    assert timestamp_fault(value) is None


@pytest.mark.parametrize(
    "value",
    ["", "2024-06-26", "2024-06-26 12:00:00Z", "2024-06-26T12:00:00", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z",
     "2024-06-26T24:00:00Z", "2024-06-26T12:60:00Z", "2024-06-26T12:00:61Z", "2024-06-26T12:00:00.Z",
     "2024-06-26T12:00:00+24:00", "2024-06-26T12:00Z", "20240626T120000Z", "2024-06-00T12:00:00Z",
     "٢٠٢٤-06-26T12:00:00Z", 1719403200],
)  # fmt: skip
def test_what_is_not_rfc_3339_is_no_timestamp(value: object) -> None:
    assert timestamp_fault(value) is not None


@pytest.mark.parametrize("value", [True, False, 0, -(2**31), 2**31 - 1, "", "text"])
def test_an_extension_is_a_boolean_an_integer_of_32_bits_or_a_string(value: object) -> None:
    assert extension_fault(value) is None


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1, "\n", [], {}, None])
def test_an_extension_is_nothing_else(value: object) -> None:
    assert extension_fault(value) is not None
