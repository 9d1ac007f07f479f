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
    "topic": {"overall": N_("overall")},
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

EVENTS: Mapping[str, str] = {
    "plan.adopted": N_("plan adopted"),
    "plan.revised": N_("plan revised"),
    "members.listed": N_("list of Members"),
    "baseline.set": N_("baseline set"),
    "implementation-plan.published": N_("Implementation Plan published"),
    "action.added": N_("action added"),
    "action.started": N_("action started"),
    "action.completed": N_("action completed"),
    "action.reopened": N_("action reopened"),
    "action.withdrawn": N_("action withdrawn"),
    "action.rescheduled": N_("action rescheduled"),
    "focus-area.reviewed": N_("focus area reviewed"),
    "survey.opened": N_("survey opened"),
    "survey.rescheduled": N_("survey rescheduled"),
    "survey.submitted": N_("survey answered"),
    "survey.withdrawn": N_("answer withdrawn"),
    "survey.closed": N_("survey closed"),
    "survey.reopened": N_("survey reopened"),
    "survey.cancelled": N_("survey cancelled"),
    "operation.launched": N_("operation launched"),
    "operation.revised": N_("operation revised"),
    "operation.cancelled": N_("operation cancelled"),
    "operation.report-published": N_("report on an operation published"),
    "seizure.reported": N_("seizures reported"),
    "seizure.corrected": N_("seizure report corrected"),
    "seizure.retracted": N_("seizure report retracted"),
    "partnership.registered": N_("partnership registered"),
    "partnership.reviewed": N_("partnership reviewed"),
    "partnership.upgraded": N_("partnership upgraded"),
    "partnership.step-retracted": N_("step of a partnership retracted"),
    "partnership.ended": N_("partnership ended"),
    "assistance.delivered": N_("assistance delivered"),
    "assistance.corrected": N_("assistance corrected"),
    "assistance.retracted": N_("assistance retracted"),
    "expert.accredited": N_("expert accredited"),
    "expert.accreditation-corrected": N_("accreditation corrected"),
    "expert.accreditation-ended": N_("accreditation ended"),
}
"""What happened, by the type of the event without its prefix and version."""

RESTATED: Mapping[str, str] = {
    "corrected": N_("corrected or taken back"),
    "anew": N_("stated anew"),
    "less": N_("less than before"),
}
"""Why an entry of a history restates."""

LOGS: Mapping[str, str] = {
    "plan-registry": N_("Plan, actions and Members"),
    "survey-intake": N_("Surveys"),
    "operations-feed": N_("Operations, partnerships, assistance and experts"),
}
"""What the events of a log are about."""

SPREADSHEETS: Mapping[str, str] = {
    "seizures": N_("Reports of seizures"),
    "actions": N_("Actions"),
    "answers": N_("Answers to surveys"),
}
"""What a row of each kind of spreadsheet is."""

REFUSALS: Mapping[str, str] = {
    "conflict": N_("It contradicts what is recorded."),
    "id-reused": N_(
        "Another event was recorded under this id, perhaps from this form. If this is a new one, it needs a new id."
    ),
    "too-large": N_("It is larger than what is recorded at once."),
    "too-many-requests": N_(
        "Too many are recording just now. All that was typed is still here: press again in some seconds."
    ),
    "commit-unknown": N_(
        "Whether it was recorded is not known. All that was typed is still here: press again. It is recorded once, "
        "however often it is sent."
    ),
    "unavailable": N_("The service does not answer now. All that was typed is still here: press again in a minute."),
}
"""What a person can do about refusals that no field is the cause of."""
