"""The words for what the services name by a code: statuses, layers, dimensions, kinds of targets, event types.

What the plan itself says stays in the plan's words, and is not here.
"""

from collections.abc import Mapping


def N_(message: str) -> str:  # noqa: N802  # the name by which texts are found
    """Mark a message as one that catalogues have; it is looked up where it is shown."""
    return message


STATUSES: Mapping[str, str] = {
    "met": N_("met"),
    "on_track": N_("on track"),
    "at_risk": N_("at risk"),
    "missed": N_("missed"),
    "no_reference": N_("no reference"),
    "no_data": N_("no data"),
}
"""Statuses, from the best on."""

LAYERS: Mapping[str, str] = {
    "results": N_("Results"),
    "members": N_("Members’ perspective"),
    "functions": N_("WCO functions"),
    "focus": N_("WCO focus"),
    "improvement": N_("WCO improvement"),
}

DIMENSIONS: Mapping[str, str] = {
    "layer": N_("By layer"),
    "objective": N_("By objective"),
    "survey": N_("By survey"),
    "topic": N_("By topic"),
    "region": N_("By region"),
    "instrument": N_("By instrument"),
    "status": N_("By answer"),
    "reason": N_("By reason"),
    "operation": N_("By operation"),
    "category": N_("By category"),
    "delivered_by": N_("By who delivered"),
    "employer": N_("By employer"),
}

KEYS: Mapping[str, Mapping[str, str]] = {
    "layer": LAYERS,
    "region": {
        "AMS": N_("Americas and Caribbean"),
        "A/P": N_("Far East, South and South East Asia, Australasia and the Pacific Islands"),
        "EUR": N_("Europe"),
        "ESA": N_("East and Southern Africa"),
        "MENA": N_("North of Africa, Near and Middle East"),
        "WCA": N_("West and Central Africa"),
        "unlisted": N_("not on the list of Members"),
    },
    "status": {
        "implemented": N_("implemented"),
        "partial": N_("partly implemented"),
        "not_implemented": N_("not implemented"),
        "unknown": N_("unknown"),
        "not_answered": N_("not answered"),
    },
    "category": {"unspecified": N_("unspecified")},
    "delivered_by": {
        "accredited": N_("accredited experts"),
        "recognised": N_("recognised experts"),
        "other": N_("others"),
    },
    "employer": {"wco": N_("the WCO"), "administration": N_("an administration"), "other": N_("another employer")},
}
"""What the keys of a dimension's groups mean, of those that are a closed list."""

WHY: Mapping[str, str] = {
    "facts": N_("events changed its facts"),
    "plan": N_("the plan says something else of it"),
    "members": N_("another list of Members applies"),
    "reference": N_("its reference is another"),
    "time": N_("days have passed"),
}
"""Why a KPI differs between two moments."""
