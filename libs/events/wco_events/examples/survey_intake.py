"""An example of every event type of survey-intake: its subject and its data."""

from collections.abc import Mapping
from typing import Any

HISTORY: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "survey.opened": (
        "annual-2022",
        {
            "kind": "annual",
            "title": "WCO Members' engagement annual survey 2022",
            "opens_on": "2022-10-03",
            "closes_on": "2022-11-30",
            "scale": {"min": 1, "max": 5},
            "topics": ["overall", "SP1", "SP2", "SP4", "SP5", "FA1", "FA2", "FA3"],
            "instruments": ["revised-kyoto-convention", "e-commerce", "risk-management"],
            "invited": ["BRA", "JPN", "KEN", "SEN"],
        },
    ),
    "survey.rescheduled": (
        "annual-2022",
        {"opens_on": "2022-10-03", "closes_on": "2022-12-16", "reason": "Members asked for two more weeks"},
    ),
    "survey.submitted": (
        "annual-2022",
        {
            "member": "KEN",
            "submitted_on": "2022-11-14",
            "ratings": {"overall": 4, "SP1": 5, "SP2": 4, "FA1": 3},
            "instruments": [
                {"instrument": "revised-kyoto-convention", "status": "implemented"},
                {"instrument": "e-commerce", "status": "partial", "reasons": ["legal-basis", "it-systems"]},
                {"instrument": "risk-management", "status": "unknown"},
            ],
            "comments": "Regional workshops on e-commerce would help.",
        },
    ),
    "survey.withdrawn": (
        "annual-2022",
        {"member": "KEN", "reason": "The administration wishes to revise its answer"},
    ),
    "survey.closed": ("annual-2022", {"closed_on": "2022-12-16"}),
    "survey.reopened": ("annual-2022", {"reason": "Two Members had no access to the form"}),
    "survey.cancelled": ("annual-2022", {"reason": "The form was sent to the wrong list"}),
}
"""By name, in an order in which they can be posted."""
