"""What services find wrong with an event, in their own words: the texts that catalogues have of it.

A place in a text is named after what stands there, `%(day)s` or, where there are two, `%(first_day)s`; `refusals` has
the kinds of places. That a text is one that a service says, and that none is missing, is tested.
"""

from dashboard.words import N_

FORMS = (
    N_("must be an id: up to 64 letters, digits, '.', '_', '~' and '-', the first a letter or digit (ASCII)"),
    N_(
        "must be operation/report, each an id: up to 64 letters, digits, '.', '_', '~' and '-', the first a letter "
        "or digit (ASCII)"
    ),
    N_("must be members"),
    N_("must be %(id)s, as data say"),
    N_("must be an id, a stem and '#' for any number (as SO#), or '*' for any id"),
    N_("must be a calendar date written YYYY-MM-DD, as 2024-06-26"),
    N_('must be a decimal in a string, as "0.25": up to 15 digits and up to 6 decimals, no sign, no leading zeros'),
    N_("must be a text of 1 to 2,000 characters"),
    N_("must be a whole number, 0 or more (at most 2^53 - 1)"),
    N_("must be a whole number (within 2^53 - 1)"),
    N_("must be an ISO 3166-1 alpha-3 code, as FRA, or EUN (European Union) or XKX (Kosovo)"),
    N_("must be kg, pieces, litres, m3 or, of money, an ISO 4217 code such as EUR"),
    N_("is required"),
    N_("is not a field here"),
    N_("must be an object"),
    N_("must be a list"),
    N_("must be true or false"),
    N_("must be %(codes)s"),
    N_("must have at least %(number)s"),
    N_("must have as '%(field)s' one of %(codes)s"),
    N_("must have '%(field)s'"),
)
"""What has not the form of its field."""

ATTRIBUTES = (
    N_("must not be empty"),
    N_("must be a string"),
    N_("must be a string, an integer or a boolean"),
    N_("is past 32 bits, the range of a CloudEvents integer"),
    N_("has the character U+%(id)s, which an attribute may not have"),
    N_("must be a URI-reference (RFC 3986), as https://example.org/intake or /intake"),
    N_("must be an absolute URI (RFC 3986, section 4.3), as https://example.org/schema"),
    N_("must be an RFC 3339 time, as 2024-06-26T12:00:00Z"),
    N_("must be a media type of JSON, as application/json: data here is JSON"),
    N_("must be UTF-8, as all JSON is (RFC 8259)"),
    N_("has a fraction or an exponent; numbers here are integers, decimals are strings"),
    N_("is past 2^53 - 1, where readers of JSON begin to differ; send it as a string"),
    N_("has half of a surrogate pair, which is no character"),
    N_("stands more than once in its object"),
    N_("has a name that is not ASCII"),
    N_("nests too deeply to be read"),
    N_("nests too deeply to be written"),
    N_("has %(number)s canonical bytes"),
    N_("was used by the same source for event %(number)s, whose content is another"),
)
"""What is wrong with the event around its data, and with any JSON."""

CONTRADICTIONS = (
    N_("must not be before %(field)s, which is %(day)s"),
    N_("names %(id)s a second time"),
    N_("lists %(id)s a second time"),
    N_("answers %(id)s a second time"),
    N_("%(id)s stands here twice"),
    N_("must not be unspecified, which is what the categories leave over"),
    N_("must not have more seizures (%(number)s) than totals.seizures (%(total_number)s)"),
    N_("%(id)s is the plan, which stands for all periods together"),
    N_("the plan has no objective %(id)s"),
    N_("is not the first day of a month"),
    N_("is not the last day of a month from the period's first on"),
    N_("periods tile the plan: this one starts on %(day)s"),
    N_("periods tile the plan: it ends on %(day)s, as its last period"),
    N_("%(id)s are told as %(unit_id)s"),
    N_("is required with the rule at_least"),
    N_("belongs to the rule at_least alone"),
    N_("only meeting surveys have a committee"),
    N_("is required with the decision introduced"),
    N_("must be FA and a number, as FA4, where a focus area is introduced"),
    N_("must span from 1 to 100: max - min"),
    N_("is required of a meeting survey"),
    N_("belongs to a meeting survey alone"),
    N_("belongs to the statuses partial and not_implemented, not to implemented"),
    N_("belongs to the statuses partial and not_implemented, not to unknown"),
)
"""In what an event contradicts itself."""

HAPPENED = (N_("has happened, so it cannot be dated later than %(day)s, the day after its recording"),)

PLAN = (
    N_("plan %(id)s does not exist: no plan is adopted yet"),
    N_("plan %(id)s does not exist: the adopted plan is %(adopted_id)s"),
    N_(
        "plan %(id)s is adopted already, once a log: revise it with plan.revised; another plan starts new logs",
    ),
    N_("%(id)s is not one of the periods: no plan is adopted yet"),
    N_("%(id)s is not one of the objectives: no plan is adopted yet"),
    N_("%(id)s is not one of the kpis: no plan is adopted yet"),
    N_("%(id)s is not one of the periods of plan %(plan_id)s: %(ids)s"),
    N_("%(id)s is not one of the objectives of plan %(plan_id)s: %(ids)s"),
    N_("%(id)s is not one of the kpis of plan %(plan_id)s: %(ids)s"),
    N_("%(id)s is missing: a revision drops none of the periods"),
    N_("%(id)s is missing: a revision drops none of the objectives"),
    N_("%(id)s is missing: a revision drops none of the kpis"),
    N_("a revision moves no period: %(id)s has %(field)s %(day)s"),
    N_("implementation plan %(id)s exists already: it is published once a period; action.added adds to it"),
    N_("implementation plan %(id)s does not exist: implementation-plan.published comes before additions to it"),
    N_("objective %(id)s exists already: a focus area that is introduced has a new id"),
    N_("focus area %(id)s does not exist: the plan has it, or a review introduces it first"),
    N_("action %(id)s exists already: action ids are unique over the plan"),
    N_("action %(id)s does not exist: implementation-plan.published or action.added announces it first"),
    N_("action %(id)s is withdrawn: that is final"),
    N_("action %(id)s is completed: action.reopened takes that back first"),
    N_("action %(id)s is started: it starts once"),
    N_("action %(id)s is started: only a completed action is reopened"),
    N_("action %(id)s is open: only a completed action is reopened"),
    N_("%(day)s is before %(started_day)s, when the action was started"),
)
"""In what an event contradicts the record of plan-registry."""

SURVEYS = (
    N_("survey %(id)s exists already: a survey is opened once; another one needs another id"),
    N_("survey %(id)s does not exist: survey.opened comes first"),
    N_("survey %(id)s is cancelled: that is final"),
    N_("survey %(id)s is closed: it closes once, until survey.reopened"),
    N_("survey %(id)s is closed: it takes no submission and no withdrawal until survey.reopened"),
    N_("survey %(id)s is open: only a closed survey is reopened"),
    N_("survey %(id)s is annual: a Member answers it once, as a whole"),
    N_("survey %(id)s does not ask for %(topic_id)s; its topics are %(ids)s"),
    N_("survey %(id)s does not ask for %(instrument_id)s; its instruments are %(ids)s"),
    N_("survey %(id)s does not ask for %(instrument_id)s; it asks for no instruments"),
    N_("%(id)s is not among the Members invited to survey %(survey_id)s"),
    N_("%(number)s is off the scale of survey %(id)s, %(least_number)s to %(most_number)s"),
    N_("there is no submission of %(id)s to survey %(survey_id)s to withdraw: it never came"),
    N_(
        "there is no submission of %(id)s to survey %(survey_id)s to withdraw: it is withdrawn already, and may come "
        "again"
    ),
)
"""In what an event contradicts the record of survey-intake."""

OPERATIONS = (
    N_("operation %(id)s exists already: an operation is launched once; operation.revised changes it"),
    N_("operation %(id)s does not exist: operation.launched comes first"),
    N_("operation %(id)s is cancelled: that is final, and its reports count for nothing"),
    N_("seizure report %(id)s exists already: a report of an operation is made once; seizure.corrected changes it"),
    N_("seizure report %(id)s does not exist: seizure.reported comes first"),
    N_("seizure report %(id)s is retracted: that is final"),
    N_("partnership %(id)s exists already: a partnership is registered once; another one needs another id"),
    N_("partnership %(id)s does not exist: partnership.registered comes first"),
    N_("partnership %(id)s is ended: it ends once"),
    N_("step %(id)s exists already: a step's id is new within its partnership, also after a retraction"),
    N_("step %(id)s does not exist: partnership.reviewed or partnership.upgraded takes it first"),
    N_("step %(id)s is retracted: it is taken back once"),
    N_("activity %(id)s exists already: an activity is delivered once; assistance.corrected changes it"),
    N_("activity %(id)s does not exist: assistance.delivered comes first"),
    N_("activity %(id)s is retracted: that is final"),
    N_("expert %(id)s does not exist: expert.accredited comes first"),
    N_("expert %(id)s is accredited since %(day)s without an end: expert.accreditation-ended comes first"),
    N_("the accreditation of %(id)s before this one ends on %(day)s: this one begins then or later"),
    N_("is after %(day)s, the recorded end, which a correction leaves"),
    N_("is before %(day)s, when %(id)s was accredited"),
)
"""In what an event contradicts the record of operations-feed."""

FAULTS = (*FORMS, *ATTRIBUTES, *CONTRADICTIONS, *HAPPENED, *PLAN, *SURVEYS, *OPERATIONS)
"""Every text of a fault."""
