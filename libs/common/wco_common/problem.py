"""Problems (RFC 9457): every refusal of every service, one class a slug."""

from collections.abc import Sequence
from typing import Any, ClassVar

from wco_events.fault import Fault


class Problem(Exception):
    """A refusal that a client gets as application/problem+json.

    A subclass is one `type` of the outside contract (section 1): its slug, title and status. `headers` go along.
    """

    slug: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int]

    def __init__(self, detail: str, faults: Sequence[Fault] = (), headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = list(faults)
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """Return the problem object."""
        # A refusal that no part of what was sent is at fault for is one of the whole.
        faults = self.faults or [Fault("", self.detail)]
        return {
            "type": f"urn:wco-kpi:problem:{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": [
                ({} if fault.index is None else {"index": fault.index})
                | {"pointer": fault.pointer, "detail": fault.detail}
                for fault in faults
            ],
        }


class NotJson(Problem):
    """The body is not JSON, or not UTF-8."""

    slug, title, status = "not-json", "Not JSON", 400


class NotFound(Problem):
    """There is no such thing at this address."""

    slug, title, status = "not-found", "Not found", 404


class PlanNotAdopted(Problem):
    """No plan was adopted by that moment, so there are no KPIs to answer with."""

    slug, title, status = "plan-not-adopted", "No plan is adopted", 404


class MethodNotAllowed(Problem):
    """The address exists, the method does not."""

    slug, title, status = "method-not-allowed", "Method not allowed", 405


class NotAcceptable(Problem):
    """None of the media types that the client accepts can be given."""

    slug, title, status = "not-acceptable", "Not acceptable", 406


class Conflict(Problem):
    """The event contradicts what is recorded."""

    slug, title, status = "conflict", "Contradicts the record", 409


class IdReused(Problem):
    """(source, id) was used before, for another event."""

    slug, title, status = "id-reused", "Event id used before", 409


class VersionMismatch(Problem):
    """The subject is not at the version that If-Match names."""

    slug, title, status = "version-mismatch", "Subject is at another version", 412


class TooLarge(Problem):
    """The event or the batch is larger than the log takes."""

    slug, title, status = "too-large", "Too large", 413


class NotCloudEvent(Problem):
    """The request is not a CloudEvent in any mode of the HTTP binding."""

    slug, title, status = "not-cloudevent", "Not a CloudEvent", 415


class Invalid(Problem):
    """What was sent is malformed; `errors` says where."""

    slug, title, status = "invalid", "Invalid", 422


class TooManyRequests(Problem):
    """The queue of waiting appends is full."""

    slug, title, status = "too-many-requests", "Too many waiting appends", 429


class CommitUnknown(Problem):
    """Whether the event was recorded could not be found out. Send the same event again."""

    slug, title, status = "commit-unknown", "Commit unknown", 503


class Unavailable(Problem):
    """The service cannot do this now: disk full, database gone, clock leapt, log read-only."""

    slug, title, status = "unavailable", "Unavailable", 503


class NotReached(Problem):
    """The moment that was asked for was not reached in time."""

    slug, title, status = "not-reached", "Not reached in time", 504
