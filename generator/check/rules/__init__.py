"""The rules of a declaration, in the order in which an editor would go through the form."""

from typing import Final

from generator.check.rules import (
    address_differs_from_file,
    annual_funds_exceed_project,
    class_not_in_edition,
    edition_unknown,
    form_unknown,
    funds_do_not_add_up,
    id_repeated,
    identity_number_in_text,
    indicator_repeated,
    mark_incomplete,
    money_unit_unclear,
    nature_not_in_edition,
    organisation_unknown,
    percentage_over_100,
    period_contradicts,
    personal_data_in_text,
)

RULES: Final = (
    address_differs_from_file,
    edition_unknown,
    nature_not_in_edition,
    organisation_unknown,
    period_contradicts,
    money_unit_unclear,
    funds_do_not_add_up,
    annual_funds_exceed_project,
    class_not_in_edition,
    id_repeated,
    indicator_repeated,
    percentage_over_100,
    mark_incomplete,
    form_unknown,
    identity_number_in_text,
    personal_data_in_text,
)
"""Each has `ID`, `SEVERITY` and `check(filed, catalogue)`."""
