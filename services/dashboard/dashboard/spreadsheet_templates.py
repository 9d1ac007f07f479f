"""Spreadsheets to fill in, for `wco-kpi import`: what `wco-kpi import-template` writes, to download."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from dashboard.pages import Pages
from dashboard.view import read_view
from wco_common.problem import NotFound
from wco_common.spreadsheet.kind import KINDS
from wco_common.spreadsheet.template import template_of

_MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "toml": "application/toml",
}


class SpreadsheetTemplates:
    """Answers with the files of the templates."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def __call__(self, request: Request) -> Response:
        """Answer with a file of a template. Raises NotFound."""
        view = read_view(request)
        name = request.path_params["file"]
        content = template_files().get(name)
        if content is None:
            raise NotFound(f"there is no template {name!r}; there are {', '.join(template_files())}")
        etag = f'"{sha256(content).hexdigest()[:12]}"'
        headers = self._pages.caching(view, etag) | {
            "Content-Type": _MEDIA_TYPES[name.rpartition(".")[2]],
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        }
        return self._pages.unchanged(request, view, etag) or Response(content, 200, headers)


@cache
def template_files() -> Mapping[str, bytes]:
    """Return the files of all templates, by their names."""
    return {name: content for kind in KINDS.values() for name, content in template_of(kind).items()}
