"""An example of every event type of plan-registry: its subject and its data."""

from collections.abc import Mapping
from typing import Any

from wco_events.plan import EXAMPLE_PLAN

HISTORY: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "plan.adopted": ("sp-2022-2025", EXAMPLE_PLAN),
    "plan.revised": (
        "sp-2022-2025",
        EXAMPLE_PLAN
        | {
            "instruments": [
                {"id": "e-commerce", "objective": "SO1", "title": "Framework of Standards on E-Commerce"},
                {"id": "data-model", "objective": "SO1", "title": "Data Model"},
            ],
            "reason": "The Data Model is followed as well",
        },
    ),
    "members.listed": (
        "members",
        {
            "effective_on": "2022-07-01",
            "members": [
                {"iso3": "BRA", "region": "AMS"},
                {"iso3": "JPN", "region": "A/P"},
                {"iso3": "EUN", "region": "EUR"},
                {"iso3": "KEN", "region": "ESA"},
                {"iso3": "MAR", "region": "MENA"},
                {"iso3": "SEN", "region": "WCA"},
            ],
        },
    ),
    "baseline.set": (
        "SP1.satisfaction",
        {"value": "71.5", "measured_on": "2022-06-30", "source": "Annual Survey 2022"},
    ),
    "implementation-plan.published": (
        "2022-23",
        {
            "plan": "sp-2022-2025",
            "period": "2022-23",
            "actions": [
                {
                    "id": "2022-23.SO1.01",
                    "objective": "SO1",
                    "title": "Complete the comprehensive review of the Revised Kyoto Convention",
                    "due_on": "2023-06-30",
                    "desired_future": "Simple and harmonized procedures at every border",
                },
                {
                    "id": "2022-23.FA1.01",
                    "objective": "FA1",
                    "title": "Publish a study of disruptive technologies in Customs",
                    "due_on": "2023-03-31",
                    "risk": "Members fall behind in the use of data",
                },
            ],
        },
    ),
    "action.added": (
        "2022-23.SP1.01",
        {
            "period": "2022-23",
            "objective": "SP1",
            "title": "Update the SAFE Framework of Standards",
            "due_on": "2023-05-31",
        },
    ),
    "action.started": ("2022-23.SP1.01", {"started_on": "2022-09-05"}),
    "action.completed": (
        "2022-23.SP1.01",
        {"completed_on": "2023-05-26", "evidence": "Report of the SAFE Working Group"},
    ),
    "action.reopened": ("2022-23.SP1.01", {"reason": "Two annexes are still under discussion"}),
    "action.rescheduled": (
        "2022-23.SP1.01",
        {"due_on": "2024-06-30", "reason": "The mandate was extended by a year"},
    ),
    "action.withdrawn": ("2022-23.SP1.01", {"reason": "Taken up in the work programme of another body"}),
    "focus-area.reviewed": (
        "FA9",
        {
            "period": "2022-23",
            "decision": "introduced",
            "title": "Health emergencies at borders",
            "reviewed_on": "2023-06-24",
        },
    ),
}
"""By name, in an order in which they can be posted."""
