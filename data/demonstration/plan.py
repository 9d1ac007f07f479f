"""The plan and what is said of it: its adoption and revision, Members, baselines, reviews of focus areas."""

import json
from collections.abc import Iterator
from datetime import date
from importlib import resources
from typing import Any

from demonstration.entry import PUBLISHED, Entry, noted
from demonstration.sources import JOINED_LATER, MEMBERS, REGIONS

PLAN = "sp-2022-2025"

NOTICE = (
    "Demonstration: these are not the WCO's figures. Joint operations with a published source and the list of Members "
    "are real; every action, survey, seizure report, partnership, activity and expert, and every operation marked "
    "(synthetic), is made up."
)

ADDED_INSTRUMENT = {
    "id": "small-arms",
    "objective": "SO3",
    "title": "Small arms and light weapons (synthetic: added in the demonstration)",
}

_NOT_PUBLIC = "Synthetic figure: the zero measurement of the Annual Survey 2022 is not public"

_BASELINES = {
    date(2022, 12, 5): {
        "RES.satisfaction": "68",
        "SO1.instruments": "52",
        "SO2.instruments": "58",
        "SO3.instruments": "47.5",
        "SP1.satisfaction": "71",
        "SP2.satisfaction": "69.5",
        "SP5.satisfaction": "64",
        "FA.satisfaction": "66",
    },
    date(2023, 1, 23): {
        "SO1.satisfaction": "74",
        "SO2.satisfaction": "77",
        "SO3.satisfaction": "70",
        "SO4.satisfaction": "71",
        "SP2.seizures": "430",
    },
    date(2023, 2, 20): {
        "SP3.accredited-delivery": "41",
        "SP3.external-experts": "9",
        "SP3.funds": "84.5",
        "SP3.satisfaction": "78",
    },
}
"""By the day of recording. SO4.instruments and SP4.satisfaction were never measured before the plan."""

_CORRECTED_BASELINE = (date(2023, 5, 15), "SP5.satisfaction", "62.5", "; corrected: answers had been counted twice")

_REVIEWS: dict[date, list[tuple[str, dict[str, Any]]]] = {
    date(2023, 6, 26): [
        ("FA1", {"period": "2023-24", "decision": "continued"}),
        ("FA2", {"period": "2023-24", "decision": "continued"}),
        ("FA3", {"period": "2023-24", "decision": "continued"}),
        ("FA4", {"period": "2023-24", "decision": "introduced", "title": "Fragile borders (synthetic decision)"}),
    ],
    date(2024, 6, 28): [
        ("FA1", {"period": "2024-25", "decision": "continued"}),
        ("FA2", {"period": "2024-25", "decision": "continued"}),
        ("FA5", {"period": "2024-25", "decision": "introduced", "title": "Data strategy (synthetic decision)"}),
        ("FA3", {"period": "2024-25", "decision": "replaced", "replaced_by": "FA5"}),
        ("FA4", {"period": "2024-25", "decision": "continued"}),
    ],
    date(2025, 6, 27): [
        ("FA1", {"period": "2024-25", "decision": "continued"}),
        ("FA2", {"period": "2024-25", "decision": "integrated", "integrated_into": "SP1"}),
        ("FA4", {"period": "2024-25", "decision": "continued"}),
    ],
}


def plan_entries() -> Iterator[Entry]:
    """Return what plan-registry is told of the plan itself."""
    plan = adopted_plan()
    yield Entry(
        noted(date(2022, 6, 24), "adopted"),
        "plan.adopted",
        PLAN,
        plan,
        PUBLISHED,
        {"citation": "WCO Strategic Plan 2022-2025", "remark": "The day of the adoption is assumed."},
    )
    yield from _members()
    yield from _baselines()
    for day, reviews in _REVIEWS.items():
        for area, review in reviews:
            yield Entry(noted(day, "reviews"), "focus-area.reviewed", area, review | {"reviewed_on": day})
    yield Entry(
        noted(date(2024, 2, 12), "revised"),
        "plan.revised",
        PLAN,
        plan
        | {
            "instruments": [*plan["instruments"], ADDED_INSTRUMENT],
            "reason": "Members asked to follow the use of a further instrument (synthetic decision)",
        },
    )


def adopted_plan() -> dict[str, Any]:
    """Return the plan as the demonstration adopts it: the shipped one with the notice."""
    plan: dict[str, Any] = json.loads((resources.files("wco_data") / f"{PLAN}.json").read_bytes())
    return plan | {"notice": NOTICE}


def _members() -> Iterator[Entry]:
    citation = "data/sources/members-by-region.csv"
    yield _listed(
        date(2022, 6, 27),
        date(2022, 7, 1),
        MEMBERS,
        {"citation": citation, "remark": "Not complete. That it takes effect with the plan is assumed."},
    )
    yield _listed(
        date(2023, 2, 13),
        date(2023, 1, 26),
        list(REGIONS),
        {
            "citation": f"{citation}; for {JOINED_LATER} https://www.einpresswire.com/article/616667654/"
            "solomon-islands-becomes-185th-member-of-the-world-customs-organization",
            "remark": "Solomon Islands acceded on 2023-01-26.",
        },
    )


def _listed(recorded_on: date, effective_on: date, members: list[str], extensions: dict[str, str]) -> Entry:
    regions = [{"iso3": member, "region": REGIONS[member]} for member in sorted(members)]
    data = {"effective_on": effective_on, "members": regions}
    return Entry(noted(recorded_on, "listed"), "members.listed", "members", data, PUBLISHED, extensions)


def _baselines() -> Iterator[Entry]:
    measured_on = date(2022, 6, 15)
    for day, figures in _BASELINES.items():
        for kpi, value in figures.items():
            data = {"value": value, "measured_on": measured_on, "source": _NOT_PUBLIC}
            yield Entry(noted(day, "baselines"), "baseline.set", kpi, data)
    day, kpi, value, why = _CORRECTED_BASELINE
    data = {"value": value, "measured_on": measured_on, "source": _NOT_PUBLIC + why}
    yield Entry(noted(day, "baselines"), "baseline.set", kpi, data)
