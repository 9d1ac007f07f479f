"""What the seizure reports of an operation add up to: by category, by category and unit, by Member."""

from wco_common.lists.deriving import Derived
from wco_common.lists.form import AMOUNT, SUM, TEXT, WHOLE
from wco_common.lists.table import Field, ListTable

REPORTED_CATEGORY = ListTable(
    "reported_category",
    [Field("operation", TEXT, "The operation."), Field("category", TEXT, "What was seized.")],
    [
        Field("reports", WHOLE, "How many current reports there are."),
        Field("seizures", SUM, "How many seizures they add up to."),
        Field("cases", SUM, "How many cases they add up to, where they say so."),
    ],
    ["operation", "until"],
    comment="What the current reports of an operation add up to, by category.",
)
REPORTED_QUANTITY = ListTable(
    "reported_quantity",
    [
        Field("operation", TEXT, "The operation."),
        Field("category", TEXT, "What was seized."),
        Field("unit", TEXT, "What it is counted in: kg, pieces, litres, m3 or, of money, an ISO 4217 code."),
    ],
    [Field("amount", AMOUNT, "How much of the unit: weight and pieces are additional to each other.")],
    ["operation", "until"],
    comment="The quantities that the current reports of an operation add up to, by category and unit.",
)
REPORTED_MEMBER = ListTable(
    "reported_member",
    [Field("operation", TEXT, "The operation."), Field("member", TEXT, "The Member that seized.")],
    [Field("reports", WHOLE, "How many current reports it made.")],
    ["operation", "until"],
    comment="Members that reported on an operation.",
)

DERIVED = [Derived(REPORTED_CATEGORY), Derived(REPORTED_QUANTITY), Derived(REPORTED_MEMBER)]
