"""The door: an event passes whole and unchanged, or every fault of it is told."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from wco_common.canonical import canonical
from wco_common.cloudevents import read_events
from wco_common.door import AT_A_TIME, MAX_EVENT, Door
from wco_common.ending import end
from wco_common.event import Event
from wco_common.problem import Invalid, Problem, TooLarge
from wco_events.event_type import EventType
from wco_events.fault import Fault
from wco_events.registry import EVENT_TYPES, EVENT_TYPES_BY_LOG

SEIZURE = EVENT_TYPES["org.wcoomd.seizure.reported.v1"].example
DOOR = Door({one.type: one for one in EVENT_TYPES_BY_LOG["operations-feed"]})


def event_with(**changes: Any) -> dict[str, Any]:
    """The example with other attributes; `...` leaves one out."""
    return {name: value for name, value in ({**SEIZURE} | changes).items() if value is not ...}


def data_with(**changes: Any) -> dict[str, Any]:
    return event_with(data={name: value for name, value in (SEIZURE["data"] | changes).items() if value is not ...})


def admit(event: Mapping[str, Any]) -> Event:
    (admitted,) = DOOR.admit(read_events("structured", [], json.dumps(event).encode()))
    return admitted


def refused(event: Mapping[str, Any]) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        admit(event)
    return [fault.pointer for fault in refusal.value.faults]


@pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda one: one.name)
def test_the_example_of_every_type_passes(event_type: EventType) -> None:
    door = Door({event_type.type: event_type})
    (event,) = door.admit(read_events("structured", [], json.dumps(event_type.example).encode()))
    assert event.event_type is event_type


def test_an_event_passes_unchanged() -> None:
    event = event_with(time="2024-06-26t12:00:00.5+02:00", dataschema="urn:x:y", myext=7, flag=True, word="é 😀")
    event["datacontenttype"] = "Text/Vnd.X+JSON; charset=UTF-8"
    assert admit(event).attributes == event


def test_an_absent_datacontenttype_is_filled_in_and_nothing_else() -> None:
    assert admit(event_with()).attributes == event_with(datacontenttype="application/json")
    assert admit(event_with(datacontenttype=None)).attributes == event_with(datacontenttype="application/json")


def test_two_spellings_of_one_event_have_one_canonical_form() -> None:
    spelt = (
        json.dumps(SEIZURE, indent=2).replace("FRA", "\\u0046RA").replace('"specversion"', '"time":null,"specversion"')
    )
    (other,) = DOOR.admit(read_events("structured", [], spelt.encode()))
    assert canonical(other.attributes) == canonical(admit(SEIZURE).attributes)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"specversion": ...}, "/specversion"),
        ({"specversion": "0.3"}, "/specversion"),
        ({"specversion": "1.0.2"}, "/specversion"),
        ({"specversion": 1}, "/specversion"),
        ({"id": ...}, "/id"),
        ({"id": None}, "/id"),
        ({"id": ""}, "/id"),
        ({"id": 1}, "/id"),
        ({"id": "a\nb"}, "/id"),
        ({"source": ...}, "/source"),
        ({"source": ""}, "/source"),
        ({"source": "not a reference"}, "/source"),
        ({"type": ...}, "/type"),
        ({"type": ""}, "/type"),
        ({"type": ["x"]}, "/type"),
        ({"type": "org.wcoomd.seizure.reported"}, "/type"),
        ({"type": "org.wcoomd.survey.opened.v1"}, "/type"),
        ({"subject": ...}, "/subject"),
        ({"subject": ""}, "/subject"),
        ({"subject": None}, "/subject"),
        ({"subject": "another/report"}, "/subject"),
        ({"data": ...}, "/data"),
        ({"data": None}, "/data"),
        ({"data": "text"}, "/data"),
        ({"data": []}, "/data"),
        ({"data_base64": "e30="}, "/data_base64"),
        ({"time": "yesterday"}, "/time"),
        ({"time": ""}, "/time"),
        ({"dataschema": "/relative"}, "/dataschema"),
        ({"datacontenttype": "application/xml"}, "/datacontenttype"),
        ({"datacontenttype": "json"}, "/datacontenttype"),
        ({"datacontenttype": ""}, "/datacontenttype"),
        ({"datacontenttype": "application/json; charset=utf-16"}, "/datacontenttype"),
        ({"sequence": "0000000000000001"}, "/sequence"),
        ({"recordedtime": "2024-06-26T12:00:00.000000Z"}, "/recordedtime"),
        ({"subjectversion": 1}, "/subjectversion"),
        ({"myExt": "x"}, "/myExt"),
        ({"my-ext": "x"}, "/my-ext"),
        ({"": "x"}, "/"),
        ({"a/b~": "x"}, "/a~1b~0"),
        ({"myext": 1.5}, "/myext"),
        ({"myext": 2**31}, "/myext"),
        ({"myext": {"a": 1}}, "/myext"),
        ({"myext": "\u0000"}, "/myext"),
    ],
)
def test_a_malformed_attribute_is_refused_with_its_pointer(changes: dict[str, Any], pointer: str) -> None:
    assert refused(event_with(**changes)) == [pointer]


def test_a_log_attribute_that_is_null_is_absent() -> None:
    assert admit(event_with(sequence=None)).attributes == event_with(datacontenttype="application/json")


def test_every_fault_of_an_event_is_told_at_once() -> None:
    event = data_with(seizures=1.5, member="France", seized_on=..., colour="red") | {
        "id": "", "time": "now", "My": 1, "sequence": "1", "source": " ",
    }  # fmt: skip
    assert sorted(refused(event)) == [
        "/My", "/data/colour", "/data/member", "/data/seized_on", "/data/seizures", "/id", "/sequence",
        "/source", "/time",
    ]  # fmt: skip


def test_a_name_that_is_no_text_is_told_in_words_of_this_system() -> None:
    with pytest.raises(Invalid) as refusal:
        admit(data_with(**{"\ud800": 1}))
    assert [(fault.pointer, fault.detail) for fault in refusal.value.faults] == [
        ("/data/\N{REPLACEMENT CHARACTER}", "has a name that is not ASCII"),
        ("/data", "has half of a surrogate pair, which is no character"),
    ]


def test_nothing_is_told_twice_of_one_place() -> None:
    assert refused(data_with(seizures=1.5)) == ["/data/seizures"]
    assert refused(event_with(id=1.5)) == ["/id"]
    assert refused(event_with(data=1.5)) == ["/data"]


def test_of_a_batch_every_fault_of_every_event_is_told_with_its_index() -> None:
    batch = [event_with(), event_with(id=""), 7, data_with(seizures=-1) | {"source": ""}]
    with pytest.raises(Invalid) as refusal:
        DOOR.admit(read_events("batched", [], json.dumps(batch).encode()), [Fault("If-Match", "does not go")])
    assert [(fault.index, fault.pointer) for fault in refusal.value.faults] == [
        (None, "If-Match"), (1, "/id"), (2, ""), (3, "/source"), (3, "/data/seizures"),
    ]  # fmt: skip


def test_an_event_has_at_most_65000_canonical_bytes() -> None:
    room = MAX_EVENT - len(canonical(event_with(datacontenttype="application/json", padding="")))
    assert admit(event_with(padding="x" * room)).attributes["padding"] == "x" * room
    with pytest.raises(TooLarge):
        admit(event_with(padding="x" * (room + 1)))
    with pytest.raises(TooLarge):
        admit(event_with(padding="é" * room))


def test_what_is_too_long_is_that_before_it_is_anything_else() -> None:
    with pytest.raises(TooLarge) as refusal:
        DOOR.admit(read_events("batched", [], json.dumps([SEIZURE, data_with(category="x" * 70_000)]).encode()))
    assert [fault.index for fault in refusal.value.faults] == [1]


@pytest.mark.parametrize("depth", range(880, 1_010, 3))
def test_nesting_at_the_edge_of_what_can_be_read_is_refused_as_any_other_fault(depth: int) -> None:
    nested = json.dumps(SEIZURE)[:-1] + ', "myext": ' + "[" * depth + "]" * depth + "}"
    with pytest.raises(Problem):
        DOOR.admit(read_events("structured", [], nested.encode()))


def test_binary_mode_makes_the_same_event_as_structured_mode() -> None:
    headers = [
        (f"ce-{name}".encode(), str(SEIZURE[name]).encode())
        for name in ("specversion", "id", "source", "type", "subject")
    ]
    headers.append((b"content-type", b"application/json"))
    (event,) = DOOR.admit(read_events("binary", headers, json.dumps(SEIZURE["data"]).encode()))
    assert canonical(event.attributes) == canonical(admit(SEIZURE).attributes)


def test_binary_mode_without_a_content_type_is_json() -> None:
    headers = [
        (f"ce-{name}".encode(), str(SEIZURE[name]).encode())
        for name in ("specversion", "id", "source", "type", "subject")
    ]
    (event,) = DOOR.admit(read_events("binary", headers, json.dumps(SEIZURE["data"]).encode()))
    assert event.attributes["datacontenttype"] == "application/json"


def test_an_extension_header_stays_a_string() -> None:
    headers = [
        (f"ce-{name}".encode(), str(SEIZURE[name]).encode())
        for name in ("specversion", "id", "source", "type", "subject")
    ]
    (event,) = DOOR.admit(read_events("binary", [*headers, (b"ce-myext", b"5")], json.dumps(SEIZURE["data"]).encode()))
    assert event.attributes["myext"] == "5"


def test_all_faults_of_a_binary_event_are_told_as_pointers_into_the_event() -> None:
    headers = [
        (b"content-type", b"text/xml"),
        (b"ce-specversion", b"1.0"),
        (b"ce-id", b"1"),
        (b"ce-id", b"2"),
        (b"ce-x-y", b""),
    ]
    with pytest.raises(Invalid) as refusal:
        DOOR.admit(read_events("binary", headers, b""))
    assert sorted(fault.pointer for fault in refusal.value.faults) == [
        "/data", "/datacontenttype", "/id", "/source", "/subject", "/type", "/x-y",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("events", "told", "said"),
    [
        (500, 1_000, "1000 faults in what was sent"),
        (501, 1_000, "over 1000 faults"),
        (1_000, 1_000, "over 1000 faults"),
    ],
)
def test_of_a_request_as_many_faults_are_told_as_anybody_reads(events: int, told: int, said: str) -> None:
    two_faults = event_with(id="", specversion="2.0")
    batch = read_events("batched", [], json.dumps([two_faults] * events).encode())
    with pytest.raises(Invalid, match=said) as refusal:
        DOOR.admit(batch)
    faults = [(fault.index, fault.pointer) for fault in refusal.value.faults]
    assert len(faults) == told
    assert {(index, pointer) for index in range(told // 2) for pointer in ("/id", "/specversion")} == set(faults)


async def test_while_a_large_batch_is_let_in_others_have_their_turns() -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    batch = read_events("batched", [], json.dumps([SEIZURE] * 1_000).encode())
    others = asyncio.create_task(other())
    assert await DOOR.admit_in_turns(batch) == DOOR.admit(batch)
    assert turns >= len(batch) // AT_A_TIME
    await end(others)


async def test_of_a_batch_that_is_let_in_by_turns_every_fault_is_told_too() -> None:
    wrong = {0, AT_A_TIME - 1, AT_A_TIME, 3 * AT_A_TIME + 5}
    batch = [event_with(id="" if index in wrong else "good") for index in range(4 * AT_A_TIME)]
    with pytest.raises(Invalid) as refusal:
        await DOOR.admit_in_turns(read_events("batched", [], json.dumps(batch).encode()), [Fault("If-Match", "no")])
    assert [(fault.index, fault.pointer) for fault in refusal.value.faults] == [
        (None, "If-Match"), *((index, "/id") for index in sorted(wrong)),
    ]  # fmt: skip
