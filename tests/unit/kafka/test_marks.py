"""A mark says of a topic how far it is, and until when."""

from uuid import UUID

import pytest

from wco_common.log import Head
from wco_common.mark import Mark, decode_mark

MARK = Mark.of("survey-intake", UUID(int=7), Head(12, 1_656_633_600_000_001), 15)


def test_a_mark_that_is_read_is_the_one_that_was_written() -> None:
    assert decode_mark(MARK.value()) == MARK
    assert decode_mark(MARK.value()).head == Head(12, 1_656_633_600_000_001)


def test_a_mark_is_plain_json_that_says_its_time_as_the_contract_says_times() -> None:
    assert MARK.value() == (
        b'{"log":"survey-intake","log_id":"00000000-0000-0000-0000-000000000007","offset":15,"sequence":12,'
        b'"time":"2022-07-01T00:00:00.000001Z"}'
    )


def test_marks_of_one_log_take_each_others_place() -> None:
    assert MARK.key() == b"survey-intake"


@pytest.mark.parametrize("value", [b"", b"{}", b'{"log":"another","log_id":"x"}', b"\xff"])
def test_what_is_no_mark_is_refused(value: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        decode_mark(value)
