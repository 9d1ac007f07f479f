"""On a phone: what is to be touched is large enough to be met."""

from typing import Any

import pytest
from playwright.async_api import Browser

from e2e.command_line.commands import Up
from e2e.dashboard.looking import looking
from e2e.dashboard.views import VIEWS

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "locale": "fr-FR",
    "is_mobile": True,
    "has_touch": True,
}
LEAST = 40
"""CSS pixels: nearly a fingertip. What is accessible at level AA has 24."""
TOO_SMALL = """(least) => Array.from(document.querySelectorAll(
    "button, select, input, summary, .go a, .pager a, .kinds a, .rooms a, .languages a, .periods a, .overall a"
)).filter((each) => {
    const {width, height} = each.getBoundingClientRect();
    return each.type !== "range" && width > 1 && height > 1 && height < least;
}).map((each) => `${each.outerHTML.slice(0, 120)} ${each.getBoundingClientRect().height}`)"""


@pytest.mark.parametrize("name", ["scorecard", "rating", "history", "compare", "surveys", "survey", "event", "form"])
async def test_what_is_to_be_touched_is_large_enough(demonstration: Up, browser: Browser, name: str) -> None:
    async with looking(browser, demonstration.url, **PHONE) as here:
        await here.go(VIEWS[name])
        assert await here.page.evaluate(TOO_SMALL, LEAST) == []
        assert await here.width() <= PHONE["viewport"]["width"]
