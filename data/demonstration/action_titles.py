"""Titles of synthetic actions: what is done, and about what. The subjects are the plan's own (section IV)."""

from collections.abc import Iterator

from demonstration.chance import shuffled

_FOR_MEMBERS = (
    "Update the guidance on {}",
    "Hold regional workshops on {}",
    "Publish a compendium of good practice in {}",
    "Survey Members' needs in {}",
    "Develop an e-learning course on {}",
    "Pilot a self-assessment tool for {}",
)
_OF_FUNCTIONS = ("Draw up a work programme for {}", "Review the tools for {}", "Report to the Council on {}")
_OF_FOCUS = (
    "Publish a study of {}",
    "Run a pilot project on {}",
    "Set up a working group on {}",
    "Hold a conference on {}",
)
_OF_IMPROVEMENT = ("Adopt a procedure for {}", "Review how the Secretariat goes about {}", "Train the staff in {}")

_SUBJECTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "SO1": (
        _FOR_MEMBERS,
        (
            "the Revised Kyoto Convention",
            "e-commerce",
            "the Trade Facilitation Agreement",
            "authorized economic operators",
            "coordinated border management",
            "the Data Model",
            "the control of waste",
        ),
    ),
    "SO2": (_FOR_MEMBERS, ("the Harmonized System", "valuation", "rules of origin", "resource mobilization")),
    "SO3": (
        _FOR_MEMBERS,
        ("risk management", "revenue fraud", "passenger control", "money laundering", "drugs and medicines"),
    ),
    "SO4": (
        _FOR_MEMBERS,
        (
            "performance measurement",
            "gender equality and diversity",
            "integrity",
            "human resources management",
            "the capacity building strategy",
            "the pool of experts",
        ),
    ),
    "SP1": (_OF_FUNCTIONS, ("new instruments", "the upkeep of instruments", "their implementation by Members")),
    "SP2": (_OF_FUNCTIONS, ("joint operations", "the exchange of information", "partnerships with stakeholders")),
    "SP3": (_OF_FUNCTIONS, ("technical assistance", "the accreditation of experts", "the follow-up of assistance")),
    "SP4": (_OF_FUNCTIONS, ("the research programme", "research on fragile borders")),
    "SP5": (_OF_FUNCTIONS, ("the communication strategy", "the image of Customs")),
    "FA1": (_OF_FOCUS, ("data analytics", "digital Customs procedures", "SMART borders")),
    "FA2": (_OF_FOCUS, ("the circular economy", "waste management", "the green transition in Customs")),
    "FA3": (_OF_FOCUS, ("alternative sources of funding", "the retention of talent", "decision-making")),
    "FA4": (_OF_FOCUS, ("fragile borders", "Customs in conflict-affected areas")),
    "FA5": (_OF_FOCUS, ("a data strategy", "statistical expertise")),
    "ORG1": (_OF_IMPROVEMENT, ("risk mapping", "procurement", "business continuity")),
    "ORG2": (_OF_IMPROVEMENT, ("paperless meetings", "document management", "projects", "elections")),
}

DESIRED_FUTURES = (
    "Customs works on data, without paper (synthetic)",
    "Customs is an actor of sustainable development (synthetic)",
    "Borders are managed together with other agencies (synthetic)",
    "Administrations trust and inform each other (synthetic)",
)
RISKS = (
    "Dependence on few contributors (synthetic)",
    "Loss of expertise (synthetic)",
    "Security of information (synthetic)",
)


def titles(objective: str) -> Iterator[str]:
    """Yield titles of actions for an objective, none twice."""
    works, subjects = _SUBJECTS[objective]
    for title in shuffled((work.format(subject) for work in works for subject in subjects), "title", objective):
        yield f"{title} (synthetic)"
