"""Entity tags: whether a client has an answer already (RFC 9110, 13.1.2)."""

from starlette.requests import Request


def is_known(request: Request, tag: str) -> bool:
    """Say whether If-None-Match names the tag, compared weakly as for GET."""
    sent = request.headers.getlist("if-none-match")
    tags = [each.strip().removeprefix("W/") for header in sent for each in header.split(",")]
    return not {"*", tag}.isdisjoint(tags)
