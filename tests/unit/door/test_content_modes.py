"""In which mode of the CloudEvents HTTP binding a request is, and what its events are before anybody judges them."""

import json
from typing import Any

import pytest

from wco_common.cloudevents import Mode, Received, content_mode, read_events
from wco_common.problem import Invalid, NotCloudEvent, NotJson, TooLarge

BINARY = (b"ce-id", b"1")


def headers_of(content_type: str | None, *more: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    return [*([] if content_type is None else [(b"content-type", content_type.encode("latin-1"))]), *more]


def read_structured(body: bytes) -> Received:
    (event,) = read_events("structured", headers_of("application/cloudevents+json"), body)
    return event


def read_binary(*headers: tuple[bytes, bytes], content_type: str | None = None, body: bytes = b"{}") -> Received:
    (event,) = read_events("binary", headers_of(content_type, *headers), body)
    return event


@pytest.mark.parametrize(
    ("content_type", "mode"),
    [
        ("application/cloudevents+json", "structured"),
        ("Application/CloudEvents+JSON", "structured"),
        ("application/cloudevents+json;charset=utf-8", "structured"),
        ('application/cloudevents+json ; Charset="UTF-8"', "structured"),
        ("application/cloudevents+json; charset=us-ascii", "structured"),
        ("application/cloudevents+json; profile=x;", "structured"),
        ("application/cloudevents-batch+json", "batched"),
        ("APPLICATION/CLOUDEVENTS-BATCH+JSON; charset=UTF-8", "batched"),
    ],
)
def test_the_content_type_declares_the_mode_whatever_its_case_and_parameters(content_type: str, mode: Mode) -> None:
    assert content_mode(headers_of(content_type)) == mode
    assert content_mode(headers_of(content_type, BINARY)) == mode


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "no media type", "", None])
def test_any_other_content_type_with_ce_headers_is_binary(content_type: str | None) -> None:
    assert content_mode(headers_of(content_type, BINARY)) == "binary"


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "no media type", "", None])
def test_without_ce_headers_it_is_no_cloudevent(content_type: str | None) -> None:
    with pytest.raises(NotCloudEvent):
        content_mode(headers_of(content_type, (b"cex", b"1")))


@pytest.mark.parametrize(
    "content_type",
    [
        "application/cloudevents+avro",
        "application/cloudevents-batch+xml",
        "application/cloudevents",
        "application/cloudevents+json; charset=utf-16",
        "application/cloudevents-batch+json; charset=iso-8859-1",
    ],
)
def test_an_event_format_or_charset_that_is_not_read_here_is_no_cloudevent_even_with_ce_headers(
    content_type: str,
) -> None:
    with pytest.raises(NotCloudEvent):
        content_mode(headers_of(content_type, BINARY))


def test_two_content_types_are_none() -> None:
    with pytest.raises(NotCloudEvent):
        content_mode(headers_of("application/cloudevents+json", (b"content-type", b"application/json"), BINARY))


def test_structured_mode_takes_the_body_and_leaves_ce_headers_alone() -> None:
    (event,) = read_events("structured", headers_of(None, (b"ce-id", b"other")), b'{"id": "1", "data": {"a": 1}}')
    assert event.attributes == {"id": "1", "data": {"a": 1}}
    assert event.faults == []


def test_an_attribute_that_is_null_is_absent_but_null_data_is_data() -> None:
    assert read_structured(b'{"id": "1", "time": null, "data": null}').attributes == {"id": "1", "data": None}


def test_an_absent_attribute_is_not_invented() -> None:
    assert read_structured(b"{}").attributes == {}
    assert read_binary(body=b"").attributes == {}


@pytest.mark.parametrize("body", [b"1", b'"text"', b"null", b"[]"])
def test_a_structured_event_is_an_object(body: bytes) -> None:
    assert [fault.pointer for fault in read_structured(body).faults] == [""]


def test_a_batch_numbers_its_events_and_may_be_empty() -> None:
    events = read_events("batched", [], b'[{"id": "1"}, 2, {"id": 1.5}]')
    assert [event.index for event in events] == [0, 1, 2]
    assert [[fault.pointer for fault in event.faults] for event in events] == [[], [""], ["/id"]]
    assert read_events("batched", [], b"[]") == []


def test_a_batch_that_is_no_array_is_invalid() -> None:
    with pytest.raises(Invalid):
        read_events("batched", [], b'{"id": "1"}')


def test_a_batch_has_at_most_a_thousand_events() -> None:
    assert len(read_events("batched", [], json.dumps([{}] * 1_000).encode())) == 1_000
    with pytest.raises(TooLarge):
        read_events("batched", [], json.dumps([{}] * 1_001).encode())


@pytest.mark.parametrize("mode", ["structured", "batched", "binary"])
@pytest.mark.parametrize(
    "body",
    [b"{", b"{} {}", b"{'a': 1}", b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": "\xff"}', b'{"a": "\xed\xa0\x80"}',
     b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b'{"a": "\x01"}', b'{"a": 01}', b'{"a": "\\x"}'],
)  # fmt: skip
def test_what_is_not_json_or_not_utf8_is_refused_in_every_mode(mode: Mode, body: bytes) -> None:
    with pytest.raises(NotJson):
        read_events(mode, headers_of(None, BINARY), body)


@pytest.mark.parametrize("mode", ["structured", "batched"])
def test_an_empty_body_is_not_json(mode: Mode) -> None:
    with pytest.raises(NotJson):
        read_events(mode, [], b"")


def test_binary_mode_takes_attributes_from_ce_headers_and_data_from_the_body() -> None:
    event = read_binary((b"host", b"x"), (b"ce-id", b"1"), (b"ce-myext", b"5"), body=b'{"a": [1]}')
    assert event.attributes == {"id": "1", "myext": "5", "data": {"a": [1]}}


def test_binary_mode_takes_the_content_type_unchanged_as_datacontenttype() -> None:
    event = read_binary(content_type='Application/JSON; charset="utf-8"')
    assert event.attributes["datacontenttype"] == 'Application/JSON; charset="utf-8"'


def test_an_empty_body_in_binary_mode_is_no_data() -> None:
    assert "data" not in read_binary(BINARY, body=b"").attributes


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (b"plain", "plain"),
        (b"Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
        (b"Euro%20%e2%82%ac", "Euro €"),
        (b"%41%42", "AB"),
        (b"%2541", "%41"),
        (b"with space", "with space"),
        (b'"quoted"', "quoted"),
        (b'"a \\"b\\" \\\\c%20d"', 'a "b" \\c d'),
        (b'a"b', 'a"b'),
        (b'""', ""),
        (b"", ""),
    ],
)
def test_header_values_are_unquoted_and_then_percent_decoded_once(sent: bytes, meant: str) -> None:
    assert read_binary((b"ce-id", sent)).attributes["id"] == meant


@pytest.mark.parametrize("sent", [b"%C0%A0", b"%ff", b"%ED%A0%80", b"\xff", b"%E2%82"])
def test_a_header_that_is_not_utf8_is_refused(sent: bytes) -> None:
    with pytest.raises(NotJson) as refusal:
        read_binary((b"ce-subject", sent))
    assert [fault.pointer for fault in refusal.value.faults] == ["/subject"]


@pytest.mark.parametrize("sent", ["é".encode(), b"%", b"50%", b"%zz", b"%e", b'"open', b'"a"b"', b'"a" b'])
def test_a_header_that_is_not_encoded_as_it_must_be_is_at_fault(sent: bytes) -> None:
    event = read_binary((b"ce-subject", sent))
    assert [fault.pointer for fault in event.faults] == ["/subject"]
    assert "subject" not in event.attributes


@pytest.mark.parametrize(
    ("headers", "pointer"),
    [
        ([(b"ce-id", b"1"), (b"ce-id", b"1")], "/id"),
        ([(b"ce-datacontenttype", b"application/json")], "/datacontenttype"),
        ([(b"ce-data", b"{}")], "/data"),
    ],
)
def test_headers_that_may_not_stand_there_are_at_fault(headers: Any, pointer: str) -> None:
    assert [fault.pointer for fault in read_binary(*headers).faults] == [pointer]


def test_faults_of_binary_data_are_told_below_data() -> None:
    assert [fault.pointer for fault in read_binary(body=b'{"a": 1.5}').faults] == ["/data/a"]


def test_the_faults_told_of_one_event_are_bounded() -> None:
    assert len(read_structured(json.dumps({"data": [1.5] * 5_000}).encode()).faults) == 1_000
