"""The views of survey-intake's lists."""

from collections.abc import Mapping

from survey_intake.survey_list import SURVEY, SURVEY_RESPONSE, TOPIC
from survey_intake.survey_member_list import SUBMISSION, SURVEY_MEMBER
from wco_common.lists.form import FLAG, Dialect
from wco_common.lists.table import Field
from wco_common.lists.view import AS_OF, NOW, View, ViewColumn, changed_by, columns_of, view_of

_EACH_TOPIC: Mapping[Dialect, str] = {
    "sqlite": "json_each(t.topics)",
    "postgresql": "jsonb_each(CAST(t.topics AS jsonb))",
}
_OF_TOPIC = ("s.key", "CAST(s.value ->> 'ratings' AS bigint)", "s.value ->> 'sum'")

VIEWS = [
    AS_OF,
    View(
        "surveys",
        "Surveys, with how many answered: the response rate is `answered` / `invited`.",
        [*columns_of(SURVEY), *columns_of(SURVEY_RESPONSE, leave_out=("survey", "topics"), of="r"), *changed_by()],
        f"FROM survey t JOIN survey_response r ON r.survey = t.id AND r.{NOW} WHERE t.{NOW}",
    ),
    View(
        "survey_members",
        "Members that a survey invites, and others that answered it.",
        [
            *columns_of(SURVEY_MEMBER),
            ViewColumn(
                Field("answered", FLAG, "Whether it has a current submission."),
                "CASE WHEN t.submissions > 0 THEN 1 ELSE 0 END",
            ),
            *changed_by(),
        ],
        f"FROM survey_member t WHERE t.{NOW}",
    ),
    View(
        "survey_topics",
        "What the ratings of a survey's topics add up to, as of the submission that was recorded last.",
        [
            ViewColumn(SURVEY_RESPONSE.key[0], "t.survey"),
            *(ViewColumn(field, stored) for field, stored in zip(TOPIC, _OF_TOPIC, strict=True)),
            *changed_by(),
        ],
        {engine: f"FROM survey_response t, {each} s WHERE t.{NOW}" for engine, each in _EACH_TOPIC.items()},
    ),
    view_of("submissions", "Current submissions: of each Member and respondent the one recorded last.", SUBMISSION),
]
