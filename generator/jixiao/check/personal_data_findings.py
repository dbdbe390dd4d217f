"""What is said of personal data in a form, or in the copy that readers get: its place, and the way out."""

from jixiao.i18n import Message, message
from jixiao.load.received import FormFile, FoundInForm
from jixiao.personal_data.text_patterns import Kind


def said_of_finding(one: FoundInForm, form: FormFile | None, kind: Message | None) -> Message:
    """Return the message about a finding in *form* and its place; no *kind* means an identity number."""
    place = message("第 {line} 行", line=str(one.line)) if one.place is None else one.place
    values: dict[str, Message | str] = {"place": place, "shown": one.found.masked()}
    if kind is None and _copy_of(form) is None:
        return message("申报表原件有身份证号码：{place}：{shown}", **values)
    if kind is None:
        return message("公开副本有身份证号码：{place}：{shown}", **values)
    if _copy_of(form) is None:
        return message("申报表原件好像有{kind}：{place}：{shown}", kind=kind, **values)
    return message("公开副本好像有{kind}：{place}：{shown}", kind=kind, **values)


def way_out_of_finding(form: FormFile | None, kind: Kind) -> Message:
    """Return the hint for a number in *form*, apart from a waiver."""
    copy = _copy_of(form)
    if copy is not None and kind is Kind.IDENTITY_NUMBER:
        return message("不能公布，也不能豁免。{way}", way=_mend_copy(copy))
    if copy is not None:
        return message("属于个人的，{way}", way=_mend_copy(copy))
    if kind is Kind.IDENTITY_NUMBER:
        return message(
            "不能公布，也不能豁免。请运行 jixiao redact 做一份遮住的副本来公布；"
            "PDF 和扫描件请单位遮住后重交。不公布原件的，在 site_config.yml 里写 originals: false"
        )
    return message(
        "属于个人的，请运行 jixiao redact 做一份遮住的副本来公布，"
        "或在 site_config.yml 里写 originals: false 不公布原件"
    )


def said_of_unsearched(form: FormFile, saying: Message) -> Message:
    """Return the message that *form* was not searched completely."""
    if _copy_of(form) is None:
        return message("申报表原件没有查全，不知道有没有个人信息：{saying}", saying=saying)
    return message("公开副本没有查全，不知道有没有个人信息：{saying}", saying=saying)


def way_out_of_unsearched(form: FormFile, rule: str) -> Message:
    """Return the hint for a form that was not searched completely; *rule* is the one to waive."""
    copy = _copy_of(form)
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
        way=_mend_copy(copy),
    )


def _copy_of(form: FormFile | None) -> str | None:
    """Return the path of the copy that readers get in place of *form*."""
    return form.published.path if form is not None and form.is_copied and form.published is not None else None


def _mend_copy(copy: str) -> Message:
    return message(
        "请在 content/{copy} 里删去或遮住，另存，再改 content/forms/SHA256SUMS 里这份副本的校验值", copy=copy
    )
