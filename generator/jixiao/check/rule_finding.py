"""What a rule finds: a field and what is wrong with it. Where it stands is looked up afterwards."""

from dataclasses import dataclass

from jixiao.analysis.contradictions import CONTRADICTIONS
from jixiao.analysis.site_content import Filed
from jixiao.i18n import Message, message
from jixiao.load.yaml_tree import Path, place_of
from jixiao.model.declaration import Defect
from jixiao.problems import Problem, Severity


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One violation of one rule in one declaration."""

    path: Path
    """The way to the field, e.g. `("funding", "project", "total")`."""
    message: Message
    hint: Message
    of_key: bool = False
    """Point at the name of the field instead of its value."""

    def at(self, rule: str, filed: Filed, severity: Severity) -> Problem:
        """Make it a problem of *rule* with its place in the file."""
        return Problem(
            rule=rule,
            place=place_of(filed.tree, self.path, of_key=self.of_key),
            message=self.message,
            hint=self.hint,
            severity=severity,
        )


def hint_at_remark(defect: Defect) -> Message:
    """Return the hint at a contradiction: correct the copy, or add a remark that the form itself holds it."""
    remark = f"- {{field: {CONTRADICTIONS[defect]}, defects: [{defect}], "
    remark += 'as_filed: {lines: [12], cells: [["…"]]}, note: "…"}'
    return message(
        "请与申报表核对，录错的请改正；申报表本来如此的，照录，并在 remarks: 下加一行"
        "（已有一行的，补上写着这些数的单元格），填上原文的行号、单元格和说明：{remark}",
        remark=remark,
    )
