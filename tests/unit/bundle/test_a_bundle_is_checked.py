"""Whatever is not as the log recorded it is found, and said with its file and line."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wco_common.bundle import MANIFEST, log_file, read_manifest
from wco_common.bundle_check import FLAWS_LISTED, check_bundle
from wco_common.canonical import canonical
from wco_events.event_type import LOG_NAMES, LogName

SURVEYS: LogName = "survey-intake"


def lines_of(bundle: Path, log: LogName = SURVEYS) -> list[bytes]:
    return (bundle / log_file(log)).read_bytes().splitlines(keepends=True)


def rewrite(bundle: Path, lines: list[bytes], log: LogName = SURVEYS) -> None:
    """Put other lines into a log's file, and take the manifest away, so that only the lines can give it away."""
    (bundle / log_file(log)).write_bytes(b"".join(lines))
    (bundle / MANIFEST).unlink(missing_ok=True)


def flaws(bundle: Path) -> list[str]:
    return [str(flaw) for flaw in check_bundle(bundle).flaws]


def test_a_bundle_as_written_holds_and_its_manifest_says_what_is_in_it(bundle: Path) -> None:
    finding = check_bundle(bundle)
    assert finding.flaws == []
    assert finding.manifest is not None
    assert {log: entry.count for log, entry in finding.manifest.logs.items()} == finding.counts
    assert all(finding.counts[log] == len(lines_of(bundle, log)) > 0 for log in LOG_NAMES)


def test_a_bundle_without_a_manifest_holds_when_its_lines_do(bundle: Path) -> None:
    (bundle / MANIFEST).unlink()
    finding = check_bundle(bundle)
    assert finding.flaws == []
    assert finding.manifest is None


def test_logs_without_events_make_a_bundle_that_holds(bundle: Path) -> None:
    for log in LOG_NAMES:
        rewrite(bundle, [], log)
    finding = check_bundle(bundle)
    assert finding.flaws == []
    assert finding.last == {}


def test_other_files_beside_the_logs_are_left_alone(bundle: Path) -> None:
    (bundle / "checkpoint.txt").write_text("to come")
    assert flaws(bundle) == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(log=st.sampled_from(LOG_NAMES), place=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
def test_no_byte_of_a_log_can_be_changed_unnoticed(bundle: Path, log: LogName, place: float, change: int) -> None:
    file = bundle / log_file(log)
    whole = file.read_bytes()
    at = int(place * len(whole))
    file.write_bytes(whole[:at] + bytes([whole[at] ^ change]) + whole[at + 1 :])
    try:
        assert any(flaw.file == log_file(log) for flaw in check_bundle(bundle).flaws)
    finally:
        file.write_bytes(whole)


def test_a_dropped_line_is_missed_at_the_line_after_it(bundle: Path) -> None:
    lines = lines_of(bundle)
    rewrite(bundle, lines[:1] + lines[2:])
    assert "survey-intake.ndjson, line 2: /sequence is 3 where 2 is due" in flaws(bundle)


def test_a_dropped_last_line_is_missed_by_the_manifest(bundle: Path) -> None:
    lines = lines_of(bundle)
    (bundle / log_file(SURVEYS)).write_bytes(b"".join(lines[:-1]))
    count = len(lines)
    assert f"survey-intake.ndjson: has {count - 1} events, but the manifest says {count}" in flaws(bundle)


def test_swapped_lines_are_said_to_be_out_of_sequence(bundle: Path) -> None:
    lines = lines_of(bundle)
    rewrite(bundle, [lines[0], lines[2], lines[1], *lines[3:]])
    found = flaws(bundle)
    assert "survey-intake.ndjson, line 2: /sequence is 3 where 2 is due" in found
    assert "survey-intake.ndjson, line 3: /sequence is 2 where 4 is due" in found


def test_a_doubled_line_is_said_to_be_out_of_sequence(bundle: Path) -> None:
    lines = lines_of(bundle)
    rewrite(bundle, [lines[0], *lines])
    assert "survey-intake.ndjson, line 2: /sequence is 1 where 2 is due" in flaws(bundle)


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda event: event.update(sequence="2"), "/sequence is not a text of 16 digits"),
        (lambda event: event.update(sequence=2), "/sequence is not a text of 16 digits"),
        (lambda event: event.pop("sequence"), "/sequence is not a text of 16 digits"),
        (lambda event: event.update(recordedtime="2025-07-01T09:00:01Z"), "/recordedtime is not an RFC 3339 time"),
        (lambda event: event.update(recordedtime="2025-07-01T11:00:01.000000+02:00"), "/recordedtime is not an"),
        (lambda event: event.update(recordedtime="2025-06-30T09:00:00.000000Z"), "/recordedtime is earlier than"),
        (lambda event: event.update(subjectversion="2"), "/subjectversion is not an integer"),
        (lambda event: event.update(subjectversion=True), "/subjectversion is not an integer"),
        (lambda event: event.update(subjectversion=7), "/subjectversion is 7 where 2 is due for survey"),
        (lambda event: event.update(type="org.wcoomd.plan.adopted.v1"), "/type is not recorded here"),
        (lambda event: event.update(source=""), "/source must not be empty"),
        (lambda event: event.pop("id"), "/id is required"),
        (lambda event: event["data"].update(opens_on="2024-02-30"), "/data/opens_on"),
        (lambda event: event["data"].update(unknown=1), "/data/unknown"),
        (lambda event: event.pop("datacontenttype"), "is not in the canonical form"),
        (lambda event: event.update(time=None), "/time must be a string"),
    ],
)
def test_an_event_that_its_log_would_not_have_recorded_so_is_said_with_its_place(
    bundle: Path, change: Change, said: str
) -> None:
    lines = lines_of(bundle)
    event = json.loads(lines[1])
    assert event["type"] == "org.wcoomd.survey.rescheduled.v1"
    change(event)
    rewrite(bundle, [lines[0], canonical(event) + b"\n", *lines[2:]])
    assert any(flaw.startswith(f"survey-intake.ndjson, line 2: {said}") for flaw in flaws(bundle)), flaws(bundle)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda line: line.replace(b'{"data"', b'{ "data"'), "is not in the canonical form"),
        (lambda line: line.replace(b"\n", b"\r\n"), "is not in the canonical form"),
        (lambda line: json.dumps(json.loads(line), sort_keys=False).encode() + b"\n", "is not in the canonical form"),
        (lambda line: line.replace(b'"reason":"', b'"reason":"\\u0041'), "is not in the canonical form"),
        (lambda line: line.replace(b'"reason":"', b'"reason":"\xff'), "the body is not UTF-8"),
        (lambda line: line.replace(b'{"data"', b'{"data":{},"data"'), "/data stands more than once"),
        (lambda line: line.replace(b'"subjectversion":2', b'"subjectversion":2.0'), "/subjectversion"),
        (lambda line: b"\n", "the body is not JSON"),
        (lambda line: b"[]\n", "is not a JSON object"),
        (lambda line: line[:-2] + b"\n", "the body is not JSON"),
        (lambda line: line.replace(b'"reason":"', b'"reason":"' + 70_000 * b"x"), "does not end in a line feed"),
    ],
)
def test_bytes_that_are_not_canonical_are_said_with_their_place(
    bundle: Path, change: Callable[[bytes], bytes], said: str
) -> None:
    lines = lines_of(bundle)
    changed = change(lines[1])
    assert changed != lines[1]
    rewrite(bundle, [lines[0], changed, *lines[2:]])
    assert any(flaw.startswith(f"survey-intake.ndjson, line 2: {said}") for flaw in flaws(bundle)), flaws(bundle)


def test_a_last_line_without_its_end_is_said(bundle: Path) -> None:
    lines = lines_of(bundle)
    rewrite(bundle, [*lines[:-1], lines[-1].removesuffix(b"\n")])
    assert flaws(bundle) == [
        f"survey-intake.ndjson, line {len(lines)}: does not end in a line feed, or is too long for an event"
    ]


def test_an_id_that_its_source_used_before_is_said_with_where(bundle: Path) -> None:
    lines = lines_of(bundle)
    first, second = json.loads(lines[0]), json.loads(lines[1])
    second |= {"source": first["source"], "id": first["id"]}
    rewrite(bundle, [lines[0], canonical(second) + b"\n", *lines[2:]])
    assert flaws(bundle) == ["survey-intake.ndjson, line 2: /id was used before by the same source, for event 1"]


def test_a_missing_log_is_said(bundle: Path) -> None:
    (bundle / log_file(SURVEYS)).unlink()
    assert flaws(bundle)[0].startswith("survey-intake.ndjson: is missing")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: b"{", "manifest.json: "),
        (lambda text: b'{"logs":{}}', "manifest.json: says nothing of plan-registry, survey-intake, operations-feed"),
        (lambda text: text.replace(b"2025-07-02", b"2025-07-01", 1), "manifest.json: names more than one closed time"),
        (lambda text: text.replace(b"2025-07-02", b"2025-13-02"), "manifest.json: month must be in"),
        (lambda text: text.replace(b"2025-07-02", b"2025-06-30"), "plan-registry.ndjson: goes on past"),
        (lambda text: re.sub(rb'"count": \d+', b'"count": 1', text), "plan-registry.ndjson: has"),
        (lambda text: re.sub(rb'"count": \d+', b'"count": "1"', text), "manifest.json: Expected `int`"),
        (lambda text: re.sub(rb'"[0-9a-f]{64}"', b'"' + 64 * b"0" + b'"', text), "plan-registry.ndjson: has the SHA-"),
    ],
)
def test_a_manifest_that_is_wrong_is_said(bundle: Path, change: Callable[[bytes], bytes], said: str) -> None:
    text = (bundle / MANIFEST).read_bytes()
    changed = change(text)
    assert changed != text
    (bundle / MANIFEST).write_bytes(changed)
    assert any(flaw.startswith(said) for flaw in flaws(bundle)), flaws(bundle)


def test_members_of_a_manifest_that_are_not_known_are_left_alone(bundle: Path) -> None:
    manifest = json.loads((bundle / MANIFEST).read_bytes())
    (bundle / MANIFEST).write_text(json.dumps(manifest | {"checkpoints": ["to come"]}))
    assert flaws(bundle) == []
    assert read_manifest(bundle) is not None


def test_of_very_many_flaws_the_first_are_listed_and_all_are_counted(bundle: Path) -> None:
    rewrite(bundle, 50 * [b"nothing\n"])
    finding = check_bundle(bundle)
    assert len(finding.flaws) == FLAWS_LISTED
    assert finding.flaws_in_all == 50
