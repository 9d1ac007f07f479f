"""Why services, or the dashboard itself, do not answer what a page asks, in their own words.

The places of a text are named as those of `fault_words` are. What is not here is shown in English.
"""

from dashboard.words import N_

MISSING = (
    N_("there is nothing at this address"),
    N_("no plan was adopted by that moment"),
    N_("no plan is adopted where nothing is recorded"),
    N_("%(quoted)s is not a KPI of the plan"),
    N_("%(quoted)s is not a KPI of the plan; there are %(ids)s"),
    N_("%(quoted)s is not a period; there are %(ids)s"),
    N_("%(quoted)s is no period of the plan"),
    N_("%(quoted)s is no log; there are %(ids)s"),
    N_("%(quoted)s is no id"),
    N_("there is no type of events %(quoted)s"),
    N_("there is no action %(id)s"),
    N_("there is no survey %(id)s"),
    N_("there is no operation %(id)s"),
    N_("there is no partnership %(id)s"),
    N_("there is no activity %(id)s"),
    N_("%(id)s has no event %(number)s"),
    N_("there is no template %(quoted)s; there are %(ids)s"),
)
"""There is no such thing."""

WRONG = (
    N_("%(id)s is no parameter; parameters here: %(ids)s"),
    N_("%(id)s is sent more than once"),
    N_("%(id)s must be one of %(ids)s"),
    N_("%(id)s must be true or false"),
    N_("%(id)s must be a calendar date written YYYY-MM-DD, as 2024-06-26"),
    N_("%(id)s must be an id: up to 64 letters, digits, '.', '_', '~' and '-', the first a letter or digit"),
    N_("%(id)s must be a sequence of the log, a whole number from 0 of at most 16 digits"),
    N_("%(id)s is no cursor of this service; begin again without one"),
    N_("%(id)s is no cursor of this list; begin again without one"),
    N_("%(id)s is of lists that were made anew since; begin again without one"),
    N_("%(id)s is one of other pages: it goes with the parameters that it came with"),
    N_(
        "%(id)s must be a time (2024-06-26T12:00:00Z), a date (2024-06-26), which is the end of that UTC day, or a "
        "position in each of the three logs (plan-registry:12,survey-intake:40,operations-feed:9)"
    ),
    N_("%(id)s names %(log_id)s twice"),
    N_("%(id)s names no position in %(ids)s; all three logs are needed"),
    N_("%(id)s: speaks of a time before any plan"),
    N_("%(id)s: speaks of what was recorded later than it says"),
    N_("%(id)s is after to: %(time)s > %(end_time)s"),
    N_("%(id)s: %(time)s is in the future; it is %(now_time)s"),
    N_("%(id)s: %(log_id)s has no %(number)s; it ends at %(end_number)s"),
    N_("the table has over %(number)s rows, the most that is taken away at once; narrow it"),
    N_("the history has over %(number)s entries, the most that are drawn"),
    N_("the history has over %(number)s entries, the most that are taken away at once"),
    N_("the form has over %(number)s bytes, the most that is taken"),
    N_("the form has over %(number)s controls, the most that is taken"),
)
"""What is asked cannot be."""

UNANSWERED = (
    N_("%(id)s cannot be asked"),
    N_("%(id)s cannot be asked: %(error_id)s"),
    N_("%(id)s did not answer in time"),
    N_("%(id)s did not answer: %(error_id)s"),
    N_("waits for %(ids)s, not folded that far within %(number)s s"),
    N_("waits for %(ids)s, not settled within %(number)s s"),
    N_("the lists have not reached %(id)s:%(number)s in %(wait_number)s s"),
    N_("the database cannot be asked now"),
)
"""A service does not answer."""

PROBLEMS = (*MISSING, *WRONG, *UNANSWERED)
"""Every text of a problem that there is one for."""
