"""Labels beside which a form names a person, and the names found there: `项目负责人 | 王小明`.

One list of labels for the import and for the search of forms. Patterns are strings to be embedded in longer
ones; none is ambiguous, so that a cell of repeated words takes linear time. A name is recognised by the label
beside it, and the author of a file by the property that holds the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from jixiao.personal_data.form_rows import TextCell, TextRow

_BODY_PATTERN = re.compile(
    r"(?:项目|实施|主管|填报|申报|预算|承担|编制|用款|单位|部门|科室|股室|处室|机构"
    r"|财务|主要|分管|技术|具体|业务|政府)*+"
).pattern
ROLE_PATTERN = re.compile(
    rf"(?:{_BODY_PATTERN}(?:负责|经办|联系|责任)人员?"
    r"|(?:填报|填表|填写|制表|编制|编报|审核|复核|审批|评价|主评|申报|录入|校对|报送)人员?"
    r"|(?:分管|主管|单位|部门|科室)领导|项目主管|法人代表|法定代表人|姓名)"
).pattern
"""Labels of a person's name."""
CONTACT_PATTERN = re.compile(
    r"(?:(?:联系|办公|手机|固定|移动|咨询|本人)?(?:电话|手机)(?:号码?)?|联系方式|(?:电子)?邮箱(?:地址)?|电子邮件|传真"
    r"|(?:居民)?身份证(?:件)?(?:号码?)?|证件号码?|微信号?)"
).pattern
"""Labels of a person's number or address."""
ROLE_SUFFIX_PATTERN = re.compile(r"(?:姓名|签字|签章|签名|盖章)?").pattern
MORE_LABELS_PATTERN = re.compile(
    rf"(?:[及和与或、/]?其?(?:{ROLE_PATTERN}{ROLE_SUFFIX_PATTERN}|{CONTACT_PATTERN}|职务|职称))*+"
).pattern
"""Further labels after the first: 项目负责人及联系电话."""

_HAN = r"[\u3400-\u9fff]"
_SURNAME_PATTERN = re.compile(
    "(?:欧阳|司马|上官|诸葛|尉迟|皇甫|慕容|东方|令狐|公孙|司徒|端木|夏侯|长孙|宇文|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔"
    "谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文庞樊兰殷施"
    "洪翟安颜倪牛温季俞章鲁葛伍申尤毕聂焦柳邢岳齐梅庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游裴席卫查屈"
    "鲍位霍翁隋甘景单包柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎])"
).pattern
_NAME_LIKE_WORDS = re.compile(
    r"(?:项目|单位|时间|方式|方案|金额|管理|文件|成员|成果|全年|全部|全市|全县|全省|全区|来源|安全|车辆|房屋|包括|解决|强化|强调|文化|高级|施工|关于|安排|"
    r"负责|工作|人员|(?:林[业草]|房[管产]|卫[健生计]|文[旅化广体教]|史志|金融|车管|安[监保]|常|管)[局委科所院办站处室会]|管委|"
    r"华[东南西北中]|向社会|易于|万元|简单|简介|应急|.{0,2}某)"
).pattern
"""Words that begin like a name."""
NAME_PATTERN = re.compile(
    rf"(?:{_HAN}{{1,8}}(?:[·•‧]{_HAN}{{1,8}}){{1,3}}"
    rf"|(?!{_NAME_LIKE_WORDS}){_SURNAME_PATTERN}(?:[ \u3000]{{0,4}}{_HAN}){{1,2}}"
    rf"(?![ \u3000]{{0,4}}某))(?!{_HAN})"
).pattern
"""Surname with one or two characters after it, whatever they mean, or parts joined by dots."""
_WHOLE_NAME = re.compile(NAME_PATTERN)


def is_certain_name(text: str) -> bool:
    """Return whether *text* has the form of a name: a known surname, or dots between the parts."""
    return _WHOLE_NAME.fullmatch(text) is not None


_BRACKETS = r"(?:[（(][^（）()]{0,12}[）)])?"
_LABEL_SUFFIX = re.compile(
    rf"{ROLE_SUFFIX_PATTERN}{_BRACKETS}{MORE_LABELS_PATTERN}(?:方式|号码)?{_BRACKETS}"
).pattern
_ROLE_LABEL = re.compile(rf"{_HAN}{{0,10}}?{ROLE_PATTERN}{_LABEL_SUFFIX}")
_POSSIBLE_NAME = re.compile(
    rf"(?:{_HAN}{{1,8}}(?:[·•‧]{_HAN}{{1,8}}){{1,3}}|{_HAN}(?:[ \u3000]{{0,4}}{_HAN}){{1,3}})(?!{_HAN})"
).pattern
_LABEL_WITH_NAME = re.compile(
    rf"{ROLE_PATTERN}{_LABEL_SUFFIX}"
    rf"(?:\s{{0,4}}[:：]\s{{0,8}}({_POSSIBLE_NAME})|({_POSSIBLE_NAME})(?=\s{{0,4}}[:：]?\s{{0,4}}[+(（]?[0-9０-９]{{3}}))"
)
_WORD = re.compile(rf"{_HAN}+(?:[·•‧]{_HAN}+){{0,3}}")
_LONG_NAME = re.compile(rf"[\s:：（(]{{0,8}}({_HAN}{{5,8}})\s{{0,8}}(?:[+(（]?[0-9０-９]|$)")
"""Long name written without dots, as some ethnic groups use; followed at most by a number."""
_BEFORE_NAME = re.compile(r"[\s:：（(]{0,8}")
_REST_OF_NAME = re.compile(rf"[ \u3000]{{1,4}}(?:{_HAN}[ \u3000]{{1,4}}{_HAN}|{_HAN}{{1,2}})(?!{_HAN})")
_NAME_LENGTH_LIMIT = 4
_NAME_LIST_PART = re.compile(r"[^、，,;；/\n]+")
_CONTACT_LABEL = re.compile(
    r"(?:联系|办公|手机|电子|所在)?(?:电话|手机|方式|邮箱|邮件|号码|职务|职称|部门|单位)(?:号码)?[:：]?"
)
_NO_NAME = re.compile(
    r"某|电话|日期|时间|单位|部门|姓名|签[字章名]|盖章|职务|金额|方式|项目|指标|目标|资金|内容|暂无|待定|不详|详见|负责|工作|同上|如下|如上|用户|管理"
    r"|(?:局|科|处|室|股|办|院|委|校|所|站|厅|部|会|队|中心|公司|人|人员|领导)$"
    r"|^副?(?:局长|科长|处长|院长|校长|所长|站长|主任|书记|镇长|乡长|县长|区长|市长|股长|部长|队长|科员|会计|出纳)$"
)


class NameSpan(NamedTuple):
    """Name of a person, as a range of characters of a cell."""

    cell: TextCell
    start: int
    end: int


def find_names(rows: Sequence[TextRow]) -> Iterator[NameSpan]:
    """Find the names of persons in *rows*; rows of one table must be consecutive."""
    for number, row in enumerate(rows):
        cells = [cell for cell in row.cells if cell.text.strip()]
        for position, cell in enumerate(cells):
            if cell.is_author:
                author = cell.text.strip()
                if re.fullmatch(_POSSIBLE_NAME, author) and is_certain_name(_join_parts(author)):
                    start = cell.text.index(author)
                    yield NameSpan(cell, start, start + len(author))
            elif not _is_label(cell.text):
                yield from _find_labelled_names(cell)
            elif position + 1 < len(cells) and not _is_column_label(cells[position + 1].text):
                yield from _find_names_in_value(cells[position + 1])
            else:
                column = [id(other) for other in row.cells].index(id(cell))
                yield from _find_names_below(rows, number, column)


def _is_label(text: str) -> bool:
    """Return whether *text* is only the label of a person's name."""
    compact = re.sub(r"\s", "", text[:80]).rstrip(":：")
    return len(text) <= len(compact) + 40 and _ROLE_LABEL.fullmatch(compact) is not None


def _is_column_label(text: str) -> bool:
    """Return whether *text*, right of a label, is a label too, so that their values are below them."""
    return _is_label(text) or _CONTACT_LABEL.fullmatch(re.sub(r"\s", "", text[:80])) is not None


def _find_names_below(rows: Sequence[TextRow], number: int, column: int) -> Iterator[NameSpan]:
    """Find the names below a label: in the next row, and in the rows below while their names are certain."""
    width = len(rows[number].cells)
    for below in islice(rows, number + 1, None):
        names = list(_find_names_in_value(below.cells[column])) if len(below.cells) == width > 1 else []
        are_certain = all(is_certain_name(_join_parts(cell.text[start:end])) for cell, start, end in names)
        if not names or not (below is rows[number + 1] or are_certain):
            return
        yield from names


def _join_parts(text: str) -> str:
    """Return *text* without blanks, which a form may put between the parts of a name."""
    return "".join(text.split())


def _find_names_in_value(cell: TextCell) -> Iterator[NameSpan]:
    """Find the names at the start of a cell beside a label."""
    text = cell.text
    if _is_label(text):
        return
    for part in _NAME_LIST_PART.finditer(text[:200]):
        for start, end in _find_names_at_start(part[0]):
            yield NameSpan(cell, part.start() + start, part.start() + end)


def _find_names_at_start(text: str) -> Iterator[tuple[int, int]]:
    """Find the names at the start of *text*, separated by blanks."""
    long = _LONG_NAME.match(text)
    if long and _is_possible_name(long[1]):
        yield long.span(1)
        return
    first = _BEFORE_NAME.match(text)
    position = first.end() if first else 0
    is_first_certain: bool | None = None
    while name := _match_whole_name(text, position):
        start, end = name
        is_certain = is_certain_name(_join_parts(text[start:end]))
        if not _is_possible_name(text[start:end]) or (is_first_certain and not is_certain):
            return
        is_first_certain = is_certain if is_first_certain is None else is_first_certain
        yield name
        position = end + len(text[end:]) - len(text[end:].lstrip())


def _match_whole_name(text: str, start: int) -> tuple[int, int] | None:
    """Return start and end of the name at *start*; single characters are joined: `李 雷`."""
    word = _WORD.match(text, start)
    if word is None:
        return None
    end = word.end()
    if len(word[0]) == 1:
        rest = _REST_OF_NAME.match(text, end)
        if rest is None:
            return None
        end = rest.end()
    is_short = len(_join_parts(text[start:end])) <= _NAME_LENGTH_LIMIT
    return (start, end) if is_short or not word[0].isalpha() else None


def _find_labelled_names(cell: TextCell) -> Iterator[NameSpan]:
    """Find names in a cell that also holds their labels."""
    for match in _LABEL_WITH_NAME.finditer(cell.text):
        group = 1 if match[1] else 2
        if _is_possible_name(match[group]):
            yield NameSpan(cell, match.start(group), match.end(group))


def _is_possible_name(text: str) -> bool:
    name = _join_parts(text)
    return is_certain_name(name) or _NO_NAME.search(name) is None
