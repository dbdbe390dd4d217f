"""Finding of a rule: the path of a field, a message, a hint. Its place in the file is found later."""

from dataclasses import dataclass

from jixiao.analysis.defects import CONTRADICTIONS
from jixiao.analysis.site_content import ParsedDeclaration
from jixiao.i18n import Message, message
from jixiao.load.yaml_tree import TreePath, find_place
from jixiao.model.declaration import Defect
from jixiao.problems import Problem, Severity


@dataclass(frozen=True, kw_only=True)
class RuleFinding:
    """One violation of one rule in one declaration."""

    path: TreePath
    """Path of the field, e.g. `("funding", "project", "total")`."""
    message: Message
    hint: Message
    at_key: bool = False
    """Point at the name of the field instead of its value."""

    def to_problem(self, rule: str, parsed: ParsedDeclaration, severity: Severity) -> Problem:
        """Return the finding as a problem of *rule* with its place in the file."""
        return Problem(
            rule=rule,
            place=find_place(parsed.tree, self.path, of_key=self.at_key),
            message=self.message,
            hint=self.hint,
            severity=severity,
        )


def remark_hint(defect: Defect) -> Message:
    """Return the hint to correct the copy, or to add a remark if the form itself is contradictory."""
    remark = f"- {{field: {CONTRADICTIONS[defect]}, defects: [{defect}], "
    remark += 'as_filed: {lines: [12], cells: [["…"]]}, note: "…"}'
    return message(
        "请与申报表核对，录错的请改正；申报表本来如此的，照录，并在 remarks: 下加一行"
        "（已有一行的，补上写着这些数的单元格），填上原文的行号、单元格和说明：{remark}",
        remark=remark,
    )
