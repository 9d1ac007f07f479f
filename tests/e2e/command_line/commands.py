"""The command line, run as its users run it: in processes of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import httpx

from folding import CATALOGUE, EXAMPLES
from wco_common.canonical import canonical
from wco_common.event import LOG_ATTRIBUTES
from wco_events.event_type import LOG_NAMES, LogName

COMMAND = [sys.executable, "-m", "wco_cluster.cli"]
HELD = [sys.executable, str(Path(__file__).with_name("held.py"))]
LISTS: dict[LogName, str] = {"plan-registry": "actions", "survey-intake": "surveys", "operations-feed": "operations"}
"""Of each log one of its lists; they go on together."""
BATCH = {"content-type": "application/cloudevents-batch+json"}


def wco_kpi(
    *arguments: str | Path, folder: Path | None = None, **environment: str | Path
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in a folder, with variables added to the environment."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=os.environ | {name: str(value) for name, value in environment.items()},
    )


@contextmanager
def held(place: str, reached: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A command that stands still at a place (see held.py), and makes the file `reached` there."""
    with subprocess.Popen(
        [*HELD, place, str(reached), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    ) as process:
        try:
            while not reached.exists():
                assert process.poll() is None, f"it ended with {process.returncode}: {process.communicate()}"
                time.sleep(0.01)
            yield process
        finally:
            process.kill()


class Up:
    """`wco-kpi up`, or `cluster`, on a free port, from the moment that it says it answers until it is stopped."""

    def __init__(self, data_dir: Path, *arguments: str, command: str = "up", **environment: str) -> None:
        self.data_dir = data_dir
        self._arguments = [command, "--port", "0", "--data-dir", str(data_dir), *arguments]
        self._environment = os.environ | environment

    def __enter__(self) -> Self:
        self._stderr = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [*COMMAND, *self._arguments],
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
            env=self._environment,
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        found = re.match(r"wco-kpi answers at (http://127\.0\.0\.1:\d+)/", said)
        if found is None:
            self.process.wait()
            raise AssertionError(said + self.stderr)
        self.url = found[1]
        self.client = httpx.Client(base_url=self.url, timeout=30)
        if self._arguments[0] == "up":
            self.settle()
        return self

    def __exit__(self, *error: object) -> None:
        self.client.close()
        self.process.kill()
        self.process.communicate()
        self._stderr.close()

    @property
    def stderr(self) -> str:
        """What it has said on stderr so far."""
        self._stderr.seek(0)
        return self._stderr.read()

    def end(self, number: signal.Signals) -> int:
        """Send a signal and return the exit status."""
        self.process.send_signal(number)
        return self.process.wait()

    def settle(self) -> None:
        """Return once answers and lists of now have all that is recorded: on a busy machine they are a bit behind."""
        for log in LOG_NAMES:
            if sequence := self.get(f"/{log}/v1/head")["sequence"]:
                for path in ("/kpi-projector/v1/plan", f"/{log}/v1/{LISTS[log]}"):
                    asked = {"after": f"{log}:{sequence}"}
                    while (answer := self.client.get(path, params=asked)).status_code == 504:
                        """It waited in vain, for so long as a client is to wait."""
                    assert answer.status_code == 200, answer.text

    def post(self, log: LogName, events: list[dict[str, Any]]) -> None:
        """Record events."""
        answer = self.client.post(f"/{log}/v1/events", content=json.dumps(events), headers=BATCH)
        assert answer.status_code == 201, answer.text

    def get(self, path: str, **query: str) -> Any:
        """Return the JSON of an answer."""
        answer = self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def recorded(self, log: LogName) -> list[bytes]:
        """Return the canonical lines of a log."""
        answer = self.client.get(f"/{log}/v1/events", headers={"accept": "application/x-ndjson"})
        assert answer.status_code == 200, answer.text
        return answer.content.splitlines()


def posted(name: str, log: LogName) -> list[dict[str, Any]]:
    """Return an example's events of a log as a client posts them."""
    events = [json.loads(line) for line in (EXAMPLES / name / f"{log}.ndjson").read_bytes().splitlines()]
    return [{key: value for key, value in event.items() if key not in LOG_ATTRIBUTES} for event in events]


def example_bundle(name: str, folder: Path) -> Path:
    """Make a bundle without a manifest of an example, after the adoption of the catalogue."""
    adopted = {
        "specversion": "1.0",
        "id": "sp-2022-2025",
        "source": "urn:wco-kpi:catalogue",
        "type": "org.wcoomd.plan.adopted.v1",
        "subject": "sp-2022-2025",
        "datacontenttype": "application/json",
        "data": json.loads(CATALOGUE.read_bytes()),
        "sequence": f"{1:016d}",
        "recordedtime": "2022-06-01T00:00:00.000000Z",
        "subjectversion": 1,
    }
    folder.mkdir()
    for log in LOG_NAMES:
        first = canonical(adopted) + b"\n" if log == "plan-registry" else b""
        (folder / f"{log}.ndjson").write_bytes(first + (EXAMPLES / name / f"{log}.ndjson").read_bytes())
    return folder
