"""Marks: the words for what is damaged in a form, always words and never colour alone."""

from generator.model.declaration import Certainty, Defect, Indicator, Remark
from generator.model.marks import DEFECTS

UNCONFIRMED_TEXT = "文字待核"
"""Nobody knows whether the words are right."""


def marks_of(indicator: Indicator) -> tuple[str, ...]:
    """List the marks of one row as Chinese words, each once."""
    marks = [DEFECTS[defect] for defect in indicator.defects]
    if indicator.certainty.class_ is Certainty.UNCONFIRMED:
        marks.append(DEFECTS[Defect.CLASS_UNCERTAIN])
    if indicator.certainty.text is Certainty.UNCONFIRMED:
        marks.append(UNCONFIRMED_TEXT)
    return tuple(dict.fromkeys(marks))


def marks_of_remark(remark: Remark) -> tuple[str, ...]:
    """List the marks of a remark as Chinese words, each once."""
    return tuple(dict.fromkeys(DEFECTS[defect] for defect in remark.defects))
