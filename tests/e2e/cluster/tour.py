"""What a browser sees of a cluster: the tests of the one process, gone through again behind the proxy."""

import asyncio
from collections.abc import Callable

from playwright.async_api import Browser, expect

from e2e.command_line.commands import Up
from e2e.dashboard.looking import chromium, looking
from e2e.dashboard.test_desk import test_a_list_is_chosen_from_by_keys_alone as a_list_is_chosen_from
from e2e.dashboard.test_entry import test_an_event_is_entered_by_keys_alone as an_event_is_entered
from e2e.dashboard.test_every_view import test_axe_finds_nothing_and_nothing_hangs_over as axe_finds_nothing
from e2e.dashboard.test_time import test_the_slider_takes_the_page_to_a_day_by_keys_alone_and_keeps_the_focus as slid
from e2e.dashboard.views import NARROW_AND_DARK, VIEWS, WIDE_AND_LIGHT


async def toured(running: Up, deliver: Callable[[Up, str], int], patience: float) -> None:
    """Look at every view, narrow and in French, the first one wide and in English too; slide, choose, enter, watch."""
    async with chromium() as browser:
        for path in VIEWS.values():
            await axe_finds_nothing(running, browser, path, NARROW_AND_DARK)
        await axe_finds_nothing(running, browser, VIEWS["scorecard"], WIDE_AND_LIGHT)
        await slid(running, browser)
        await a_list_is_chosen_from(running, browser)
        await an_event_is_entered(running, browser)
        await _a_figure_changes_in_view(running, browser, deliver, patience)


async def _a_figure_changes_in_view(
    running: Up, browser: Browser, deliver: Callable[[Up, str], int], patience: float
) -> None:
    async with looking(browser, running.url) as here:
        await here.go("?period=2023-24&as_of=2024-05-31")
        assert await here.text('[id="kpi-SO1.completion"] .value') == "60.0%"
        async with here.page.expect_response("**/kpi-projector/v1/stream*"):
            await here.go("kpis/SP3.alignment?period=2024-25")
        counted = here.page.locator(".fraction span").last
        before = int(await counted.inner_text())
        await asyncio.to_thread(deliver, running, "looked-at")
        await expect(counted).to_have_text(str(before + 1), timeout=1_000 * patience)
