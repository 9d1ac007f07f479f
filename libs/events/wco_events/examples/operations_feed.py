"""An example of every event type of operations-feed: its subject and its data."""

from collections.abc import Mapping
from typing import Any

_OPERATION = {
    "title": "Operation MILESTONE I",
    "theme": "waste",
    "starts_on": "2022-10-01",
    "ends_on": "2022-10-31",
    "participants": ["BEL", "BRA", "CHN", "DEU", "KEN", "MYS", "POL", "SEN"],
}
_SEIZURE = {
    "operation": "milestone-i",
    "report": "BEL-07",
    "member": "BEL",
    "seized_on": "2022-10-11",
    "category": "waste",
    "seizures": 2,
    "cases": 1,
    "quantities": [{"amount": "18500", "unit": "kg"}, {"amount": "40", "unit": "pieces"}],
    "hs_code": "8549",
}
_ACTIVITY = {
    "title": "National workshop on the control of transboundary movements of waste",
    "delivered_on": "2023-02-17",
    "members": ["SEN"],
    "aligned_with": ["SO3", "FA2"],
    "delivered_by": "accredited",
    "experts": ["expert-0417"],
    "cost": {"amount": "12400.50", "currency": "EUR"},
}
_ACCREDITATION = {
    "status": "accredited",
    "employer": "administration",
    "areas": ["green-customs", "risk-management"],
    "accredited_on": "2022-09-01",
}

HISTORY: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "operation.launched": ("milestone-i", _OPERATION),
    "operation.revised": (
        "milestone-i",
        _OPERATION | {"participants": [*_OPERATION["participants"], "THA"], "reason": "Another administration joined"},
    ),
    "seizure.reported": ("milestone-i/BEL-07", _SEIZURE),
    "seizure.corrected": ("milestone-i/BEL-07", _SEIZURE | {"seizures": 1, "reason": "One container was sent twice"}),
    "seizure.retracted": (
        "milestone-i/BEL-07",
        {"operation": "milestone-i", "report": "BEL-07", "reason": "The goods were released: not waste"},
    ),
    "operation.report-published": (
        "milestone-i",
        {
            "stage": "interim",
            "published_on": "2022-12-05",
            "totals": {
                "seizures": 84,
                "quantities": [{"amount": "1520000", "unit": "kg"}, {"amount": "310", "unit": "pieces"}],
            },
            "by_category": [{"category": "waste", "seizures": 71}, {"category": "ozone-depleting", "seizures": 9}],
        },
    ),
    "operation.cancelled": ("milestone-i", {"reason": "Registered a second time by mistake"}),
    "partnership.registered": (
        "basel-convention",
        {
            "partner": "Secretariat of the Basel Convention",
            "partner_kind": "international-organization",
            "instrument": "mou",
            "objectives": ["SO3"],
            "since": "2003-06-01",
        },
    ),
    "partnership.reviewed": (
        "basel-convention",
        {
            "step": "review-2023",
            "on": "2023-03-08",
            "objectives": ["SO3"],
            "summary": "The memorandum was reviewed in the light of the amendments on plastic waste",
        },
    ),
    "partnership.upgraded": (
        "basel-convention",
        {
            "step": "action-plan-2024",
            "on": "2024-01-22",
            "objectives": ["SO1", "SO3"],
            "summary": "A joint action plan now covers the classification of waste",
        },
    ),
    "partnership.step-retracted": (
        "basel-convention",
        {"step": "review-2023", "reason": "The review was put off until the action plan"},
    ),
    "partnership.ended": ("basel-convention", {"on": "2025-03-31", "reason": "Succeeded by a wider agreement"}),
    "assistance.delivered": ("waste-workshop-SEN-2023", _ACTIVITY),
    "assistance.corrected": (
        "waste-workshop-SEN-2023",
        _ACTIVITY | {"cost": {"amount": "12950.00", "currency": "EUR"}, "reason": "Interpretation was left out"},
    ),
    "assistance.retracted": ("waste-workshop-SEN-2023", {"reason": "It is part of the regional workshop"}),
    "expert.accredited": ("expert-0417", _ACCREDITATION),
    "expert.accreditation-corrected": (
        "expert-0417",
        _ACCREDITATION | {"expires_on": "2025-09-01", "reason": "Accreditations are for three years"},
    ),
    "expert.accreditation-ended": (
        "expert-0417",
        {"ended_on": "2024-12-31", "reason": "The expert has left the administration"},
    ),
}
"""By name, in an order in which they can be posted."""
