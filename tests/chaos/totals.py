"""The public commands on a cluster that runs: what it serves is what a replay of its logs gives, to the byte."""

import asyncio
import json
import sys
from pathlib import Path

import httpx

from chaos.findings import Findings

_COMMAND = (sys.executable, "-m", "wco_cluster.cli")


class Totals:
    """Exports, replays and verifies. Each bundle has a folder of its own."""

    def __init__(self, address: str, folder: Path, findings: Findings) -> None:
        self._address = address
        self._folder = folder
        self._findings = findings
        self._bundles = 0
        self.compared = 0
        """Scorecards that were served, and replayed."""

    async def hold(self, client: httpx.AsyncClient, base: str) -> None:
        """See that scorecards equal the replayed ones to the byte, and that `verify` finds nothing."""
        served = {}
        plan = (await client.get(f"{base}/v1/plan")).raise_for_status().json()
        for period in (*(period["id"] for period in plan["periods"]), plan["plan"]):
            answer = await client.get(f"{base}/v1/scorecard", params={"period": period})
            served[period] = answer.raise_for_status().content
        self._bundles += 1
        bundle = self._folder / f"bundle-{self._bundles}"
        if await self._run("export", "--from", self._address, "--out", str(bundle)) is None:
            return
        for period, body in served.items():
            as_of = json.loads(body)["as_of"]["time"]
            replayed = await self._run("replay", str(bundle), "--period", period, "--as-of", as_of, "--json")
            if replayed is not None and replayed != body + b"\n":
                self._findings.wrong(f"{period} as of {as_of}: served {body!r}, replayed {replayed!r}")
            self.compared += 1
        await self._run("verify", self._address)

    async def _run(self, *arguments: str) -> bytes | None:
        """Return what a command says; None if it fails, which is found out here."""
        process = await asyncio.create_subprocess_exec(
            *_COMMAND, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        said, complained = await process.communicate()
        if process.returncode == 0:
            return said
        self._findings.wrong(f"wco-kpi {' '.join(arguments)} ends with {process.returncode}: {complained.decode()}")
        return None
