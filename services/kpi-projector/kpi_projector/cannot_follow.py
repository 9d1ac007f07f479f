"""Why a log is not followed any further."""


class NoEvent(Exception):
    """A line of a log that is no event, or not the one of its place."""

    def __init__(self, place: int, why: str) -> None:
        super().__init__(f"the line at {place} is no event of that place: {why}")


class CannotFollow(Exception):
    """What a log gives cannot be folded on with now, and may be once the log is mended."""


class AnotherLog(CannotFollow):
    """A log does not have what was folded of it, and answered with: another has taken its place."""

    def __init__(self, position: int) -> None:
        super().__init__(
            f"the log is not the one that was folded up to {position}, as if an earlier backup had taken its place: "
            "start the service again, and the log is folded anew"
        )


class FoldedAnew(CannotFollow):
    """Another instance folds a log anew that was folded further, and answered with, here."""

    def __init__(self, position: int, before: int) -> None:
        super().__init__(
            f"the log is folded anew by another instance, at {position} now, and this one has answered up to {before}: "
            "start it again"
        )
