"""Past moments as parameters have them: a time, or a date, which is the end of that UTC day."""

import re
from datetime import date

from wco_common.instant import Instant, end_of_day, format_instant, parse_instant

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_moment(text: str) -> Instant:
    """Read a time or a date. Raises ValueError where it is neither, or none that can be printed."""
    if _DATE.fullmatch(text):
        return end_of_day(date.fromisoformat(text))
    instant = parse_instant(text)
    try:
        format_instant(instant)  # an offset can lead out of the years that can be printed
    except OverflowError as error:
        raise ValueError(f"{text} is out of the years from 1 to 9999") from error
    return instant
