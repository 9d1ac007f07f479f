"""Every view, as the demonstration has it, and how it is looked at."""

from typing import Any

VIEWS = {
    "scorecard": "?period=2023-24",
    "past": "?period=2023-24&as_of=2024-03-31",
    "plan": "?period=sp-2022-2025",
    "rating": "kpis/SO1.satisfaction?period=2024-25",
    "seizures": "kpis/SP2.seizures?period=2023-24",
    "roll-up": "kpis/RES.completion?period=2022-23&as_of=2023-03-31",
    "no-data": "kpis/SO4.satisfaction?period=2023-24",
    "history": "kpis/SP2.seizures/history?period=2023-24",
    "evidence": "kpis/SP3.funds/evidence?period=2023-24",
    "event": "events/operations-feed/758",
    "compare": "compare?period=2024-25&from=2025-03-31&to=2025-04-30",
    "desk": "desk",
    "actions": "desk/actions?period=2023-24&as_of=2024-03-31&overdue=true",
    "action": "desk/actions/synthetic-2022-23-fa1-01",
    "surveys": "desk/surveys?kind=annual",
    "survey": "desk/surveys/synthetic-annual-2022-23?answered=false",
    "operations": "desk/operations?sort=-ends_on",
    "operation": "desk/operations/synthetic-paper-trail-2025",
    "partnerships": "desk/partnerships?objective=SO1",
    "partnership": "desk/partnerships/synthetic-donors",
    "assistance": "desk/assistance?sort=-delivered_on",
    "activity": "desk/assistance/synthetic-activity-2022-23-05",
    "members": "desk/members",
    "baselines": "desk/baselines",
    "experts": "desk/experts?on=2024-05-01&ending_before=2024-07-01",
    "focus-areas": "desk/focus-areas",
    "enter": "enter",
    "form": "enter/seizure.reported",
    "recorded": "recorded/operations-feed/758",
    "services": "services",
}
WIDE_AND_LIGHT: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 900},
    "color_scheme": "light",
    "locale": "en-GB",
}
NARROW_AND_DARK: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "locale": "fr-FR"}
