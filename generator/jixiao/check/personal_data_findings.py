"""Possible personal data in the texts and the form of a declaration, with the message and hint for each.

Used by the rules about personal data and by the check of shared files; neither is imported here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.analysis.summary import Summary
from jixiao.i18n import Message, message
from jixiao.load.received_forms import FormFile, FormFinding
from jixiao.load.yaml_tree import TreePath
from jixiao.personal_data.text_patterns import PersonalDataKind, PersonalDataMatch


@dataclass(frozen=True, kw_only=True)
class PersonalDataFinding:
    """Possible personal data and the field that is responsible for it."""

    path: TreePath
    """The typed field, or the field that names the form."""
    found: PersonalDataMatch
    in_form: FormFinding | None = None
    """The finding in the form as received; `None` for a typed field."""


def find_declaration_personal_data(
    parsed: ParsedDeclaration, content: SiteContent
) -> Iterator[PersonalDataFinding]:
    """Yield possible personal data in texts and ids of a declaration and in its lines of the form."""
    for path, found in parsed.declaration.personal_data:
        yield PersonalDataFinding(path=path, found=found)
    form = content.forms.get(parsed.declaration.source.form.plain())
    if form is None:
        return
    for finding in form.findings:
        if is_in_declaration_lines(parsed.summary, form, finding):
            yield PersonalDataFinding(path=("source", "form"), found=finding.found, in_form=finding)


def is_in_declaration_lines(summary: Summary, form: FormFile, finding: FormFinding) -> bool:
    """Return whether the finding is within the lines of *form* that the declaration was taken from."""
    if summary.form != form.path:
        return False
    if summary.lines is None or finding.line is None:
        return True
    first, last = summary.lines
    return first <= finding.line <= last


def describe_form_finding(finding: FormFinding, form: FormFile | None, kind: Message | None) -> Message:
    """Return the message for a finding in *form* with its place; no *kind* means an identity number."""
    place = message("第 {line} 行", line=str(finding.line)) if finding.place is None else finding.place
    values: dict[str, Message | str] = {"place": place, "shown": finding.found.mask()}
    if kind is None and _published_copy(form) is None:
        return message("申报表原件有身份证号码：{place}：{shown}", **values)
    if kind is None:
        return message("公开副本有身份证号码：{place}：{shown}", **values)
    if _published_copy(form) is None:
        return message("申报表原件好像有{kind}：{place}：{shown}", kind=kind, **values)
    return message("公开副本好像有{kind}：{place}：{shown}", kind=kind, **values)


def form_finding_hint(form: FormFile | None, kind: PersonalDataKind) -> Message:
    """Return the hint for a number in *form*, without the option of a waiver."""
    copy = _published_copy(form)
    if copy is not None and kind is PersonalDataKind.IDENTITY_NUMBER:
        return message("不能公布，也不能豁免。{way}", way=_copy_hint(copy))
    if copy is not None:
        return message("属于个人的，{way}", way=_copy_hint(copy))
    if kind is PersonalDataKind.IDENTITY_NUMBER:
        return message(
            "不能公布，也不能豁免。请运行 jixiao redact 做一份遮住的副本来公布；"
            "PDF 和扫描件请单位遮住后重交。不公布原件的，在 site_config.yml 里写 originals: false"
        )
    return message(
        "属于个人的，请运行 jixiao redact 做一份遮住的副本来公布，"
        "或在 site_config.yml 里写 originals: false 不公布原件"
    )


def describe_unsearched_form(form: FormFile, reason: Message) -> Message:
    """Return the message that *form* could not be searched completely."""
    if _published_copy(form) is None:
        return message("申报表原件没有查全，不知道有没有个人信息：{saying}", saying=reason)
    return message("公开副本没有查全，不知道有没有个人信息：{saying}", saying=reason)


def unsearched_form_hint(form: FormFile, rule: str) -> Message:
    """Return the hint for a form that could not be searched completely; *rule* can be waived."""
    copy = _published_copy(form)
    if copy is None:
        return message(
            "请打开原件看一遍。没有个人信息的，在文件末尾的 waivers: 下面加一行："
            '- {{rule: {rule}, field: source.form, reason: "写明谁看过"}}；'
            "有的，请单位遮住后重交，或在 site_config.yml 里写 originals: false 不公布原件",
            rule=rule,
        )
    return message(
        "请打开公开副本看一遍。没有个人信息的，在文件末尾的 waivers: 下面加一行："
        '- {{rule: {rule}, field: source.form, reason: "写明谁看过"}}；有的，{way}',
        rule=rule,
        way=_copy_hint(copy),
    )


def _published_copy(form: FormFile | None) -> str | None:
    """Return the path of the copy that is published instead of *form*."""
    return form.published.path if form is not None and form.is_copied and form.published is not None else None


def _copy_hint(copy: str) -> Message:
    return message(
        "请在 content/{copy} 里删去或遮住，另存，再改 content/forms/SHA256SUMS 里这份副本的校验值", copy=copy
    )
