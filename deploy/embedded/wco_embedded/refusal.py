"""Why a command stops: a sentence for the person at the keyboard, and the exit status of section 6."""

from typing import ClassVar


class Refusal(Exception):
    """A command that cannot be done: wrong usage or input. The message is the sentence on stderr."""

    status: ClassVar[int] = 2


class DoesNotHold(Refusal):
    """What was to be checked was checked, and does not hold."""

    status: ClassVar[int] = 1


def of_system(error: OSError) -> str:
    """Say in words what the operating system refused, and with which file."""
    what = error.strerror or str(error) or type(error).__name__
    return f"{error.filename} cannot be used: {what}" if error.filename else what
