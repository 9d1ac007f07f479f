"""Makes the pictures of the README: the dashboard on the demonstration, as Chromium shows it. `make screenshots`."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

DOCS = Path(__file__).parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or sys.exit("There is no chromium on the PATH.")
PICTURES = {
    "scorecard": ("?period=2023-24&as_of=2024-05-31", 1280, 1000, "light", "en-GB"),
    "kpi": ("kpis/SP2.seizures/history?period=2023-24&as_of=2025-06-30", 1280, 760, "light", "en-GB"),
    "desk": ("desk/actions?as_of=2024-05-31&overdue=true", 1280, 860, "light", "en-GB"),
    "phone": ("?period=2023-24&as_of=2024-05-31", 390, 844, "dark", "fr-FR"),
}
"""By name: the address, the width and height in pixels, the colours, the language."""


def picture(browser: Browser, url: str, name: str) -> None:
    """Take one picture."""
    path, width, height, colours, language = PICTURES[name]
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if colours == "dark" else "light",
        locale=language,
        reduced_motion="reduce",
    )
    page.goto(f"{url}/{path}", wait_until="load")
    page.screenshot(path=DOCS / f"dashboard-{name}.png")
    page.close()


def main() -> None:
    """Run the demonstration, and take all pictures of it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "wco_cluster.cli", "up", "--port", "0", "--data-dir", f"{folder}/data"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as up:
            assert up.stdout is not None
            url = up.stdout.readline().split()[3].rstrip("/")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
                )
                for name in PICTURES:
                    picture(browser, url, name)
                browser.close()
            up.terminate()


if __name__ == "__main__":
    main()
