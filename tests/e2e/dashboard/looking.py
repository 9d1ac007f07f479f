"""A browser that looks at pages and notes whatever it should not have seen."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, async_playwright, expect

AXE = (Path(__file__).parents[2] / "vendor" / "axe-core" / "axe.min.js").read_text()
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
PATIENCE = 30_000
"""Milliseconds, on a machine that runs other tests at the same time."""
expect.set_options(timeout=PATIENCE)

_ARGUMENTS = [
    "--no-sandbox",  # whoever runs the tests may be root
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A Chromium of the machine's; where there is none, the test is skipped, save on a build server."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("there is no chromium on the PATH, and CHROMIUM names none")
        pytest.skip("chromium is not on the PATH; pages are looked at where it is")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        await browser.close()


class Looking:
    """A page of one server, and what it should not have done: said anything, asked elsewhere, broken a policy."""

    def __init__(self, context: BrowserContext, page: Page, url: str) -> None:
        self.context = context
        self.page = page
        self.url = url
        self.wrong: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        self.wrong.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(self.url):
            self.wrong.append(f"asked {request.url}")

    async def go(self, path: str) -> None:
        """Go to a page, and wait until it is there with all that it loads at once."""
        await self.page.goto(f"{self.url}/{path}")

    async def text(self, selector: str) -> str:
        """Return what stands in the first element that is selected, with single spaces, once the page is whole."""
        await self.page.wait_for_load_state()
        return " ".join((await self.page.locator(selector).first.inner_text()).split())

    async def faults(self) -> list[str]:
        """Return what axe finds, each with the first element that has it."""
        await self.page.evaluate(AXE)
        found: dict[str, Any] = await self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]

    async def width(self) -> int:
        """Return how wide the page is, in pixels."""
        width: int = await self.page.evaluate("document.documentElement.scrollWidth")
        return width


@asynccontextmanager
async def looking(browser: Browser, url: str, *, silent: bool = True, **options: Any) -> AsyncIterator[Looking]:
    """A page with nothing of others in it; at the end it has said nothing, unless it is not to be `silent`."""
    context = await browser.new_context(**({"locale": "en-GB", "viewport": {"width": 1280, "height": 900}} | options))
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    here = Looking(context, page, url)
    yield here
    await context.close()
    if silent:
        assert here.wrong == [], here.wrong
