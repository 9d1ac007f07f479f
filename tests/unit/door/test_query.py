"""Query parameters: none unknown, none twice, none guessed at."""

import re
from typing import Any

import pytest
from starlette.requests import Request

from wco_common.problem import Invalid
from wco_common.query import boolean, matching, one_of, page_limit, position, read_query

READERS = {
    "after": position,
    "limit": page_limit,
    "dry_run": boolean,
    "type": one_of("a", "b"),
    "subject": matching(re.compile("[a-z]+"), "must be letters"),
}


def read(query: str) -> dict[str, Any]:
    return read_query(Request({"type": "http", "query_string": query.encode(), "headers": []}), READERS)


def refused(query: str) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        read(query)
    return [fault.pointer for fault in refusal.value.faults]


def test_parameters_are_read_by_name_and_none_is_invented() -> None:
    assert read("") == {}
    assert read("after=0000000000000012&limit=1000&dry_run=false&type=b&subject=%61b") == {
        "after": 12,
        "limit": 1_000,
        "dry_run": False,
        "type": "b",
        "subject": "ab",
    }


@pytest.mark.parametrize(
    "query",
    ["after=-1", "after=1.0", "after=", "after", "after=12345678901234567", "after=%2B1", "after=1+", "after=%D9%A1",
     "limit=0", "limit=1001", "limit=x", "limit=99999", "dry_run=1", "dry_run=True", "dry_run=", "type=c", "type=",
     "subject=1", "subject=", "subject=%FF", "unknown=1", "=1", "Limit=1", "after=1&after=1", "after=x&after=1"],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_the_parameters_name(query: str) -> None:
    assert set(refused(query)) == {f"/{query.partition('=')[0]}"}


def test_every_fault_is_told_at_once() -> None:
    assert refused("limit=0&unknown=1&after=x") == ["/limit", "/unknown", "/after"]


def test_a_refusal_says_what_would_be_right() -> None:
    with pytest.raises(Invalid) as refusal:
        read("type=c&colour=red")
    assert [fault.detail for fault in refusal.value.faults] == [
        "must be one of a, b",
        "is no parameter; parameters here: after, limit, dry_run, type, subject",
    ]
