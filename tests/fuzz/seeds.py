"""What fuzzing begins with: everything the other tests know, and the tokens in which slips are made."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.payloads import PAYLOADS
from tests.support import CLINIC, EXAMPLES, SMALL

_LONGEST = 10_000
_ROOT = EXAMPLES.parent.parent
_VALUE = re.compile(r"^ *(?:- )?(?P<field>[a-z_]+):[ \t]+[\"']?(?P<value>\S.*?)[\"']?[ \t]*$", re.MULTILINE)
_FIELDS = {
    "money": {"total", "fiscal", "appropriation", "carryover", "other"},
    "date": {"start", "end", "year"},
    "target": {"target"},
    "escaper": {"name", "overall", "annual", "note", "target"},
}
_YAML = (
    *(": ", "- ", "\n", "\n  ", "\n    ", "\t", "\r\n", "|\n", ">-\n", "? ", "#", " # ", "---\n", "...\n"),
    *("&a ", "*a", "!!str ", "!", "%YAML 1.1\n", "<<: ", "{", "}", "[", "]", ",", '"', "'", "\\n", "\\x1b"),
    *("\\u202e", "~", "null", "yes", "true", "2015", "2021", "@", "`"),
)
_FORM = (
    *(
        "edition",
        "year",
        "name",
        "nature",
        "department",
        "unit",
        "period",
        "start",
        "end",
        "funding",
        "project",
    ),
    *("annual", "total", "fiscal", "other", "appropriation", "carryover", "goals", "overall", "indicators"),
    *(
        "id",
        "target",
        "as_filed",
        "lines",
        "cells",
        "defects",
        "certainty",
        "class",
        "text",
        "note",
        "remarks",
    ),
    *("field", "source", "form", "waivers", "rule", "reason", "unit_read_as", "health", "clinic-office"),
    *("产出指标", "效果指标", "满意度指标", "数量指标", "质量指标", "时效指标", "服务对象满意度指标"),
    *("经常性项目", "一次性项目", "target-missing", "unconfirmed", "restored", "percentage-over-100"),
    *("personal-data-in-text", "indicators.visits.target", "forms/example.txt", "11010519491231002X"),
    *("13800138000", "a@example.org", "项目名称"),
)
_FIGURES = (
    *(
        ">=",
        "<=",
        "≥",
        "≤",
        "＞",
        "＜",
        "＝",
        "％",
        "%",
        "‰",
        "(%)",
        "（%）",
        "万元",
        "元",
        "￥",
        "人次",
        "天",
        "年",
    ),
    *(
        "０",
        "９",
        "，",
        "．",
        "－",
        "−",
        "–",
        ",000",
        ".00",
        "1e5",
        "0x",
        "1_0",
        "inf",
        "nan",
        "٣",
        "²",
        "½",
        "〇",
    ),
    *("2020-02-29", "2100-02-29", "-31", "0000", "９０％", "\u3000"),
)
_MARKUP = (
    *(
        "<",
        ">",
        "&",
        "&#",
        "&lt;",
        "&amp;",
        "</td>",
        "</table>\n\n",
        "<!--",
        "-->",
        "<![CDATA[",
        "<?",
        "<script>",
    ),
    *(
        "javascript:",
        "{#a}",
        "{: onclick=x }",
        "](",
        "![",
        "```",
        "~~~",
        "|",
        "|---|",
        "\n\n",
        "\r",
        "\r\r",
        "\u00a0",
    ),
    *(
        "# ",
        "* ",
        "    ",
        "\n:   ",
        "\n===",
        "\\",
        "`",
        "{{",
        "{%",
        "wzxhzdk:0",
        "klzzwxh:0000",
        "[^1]",
        "[x]: y",
    ),
    *("---\n", "...\n", "=1+1"),
)
_HIDDEN = tuple(
    "\ufeff\u202e\u202c\u2066\u200b\u200d\u00ad\u2028\u2029\u0085\u0000\u001b\u007f\u0301\ufe0f\U0001f468"
)
TOKENS = tuple(dict.fromkeys((*_YAML, *_FORM, *_FIGURES, *_MARKUP, *_HIDDEN)))


def write_seeds(target: str, folder: Path) -> None:
    """Write each seed of *target* as a file of *folder*."""
    folder.mkdir(parents=True)
    for number, seed in enumerate(dict.fromkeys(_seeds(target))):
        (folder / f"{number:04}").write_bytes(seed)


def write_dictionary(file: Path) -> None:
    """Write the tokens in the format of libFuzzer: one a line, every byte by its number."""
    lines = ("".join(f"\\x{byte:02X}" for byte in token.encode()) for token in TOKENS)
    file.write_text("".join(f'"{line}"\n' for line in lines), encoding="ascii")


def _seeds(target: str) -> Iterator[bytes]:
    files = [content for file in _files() if len(content := file.read_bytes()) <= _LONGEST]
    if target == "loader":
        yield from files
        return
    wanted = _FIELDS.get(target, set())
    for content in files:
        for found in _VALUE.finditer(content.decode("utf-8", "ignore")):
            if found["field"] in wanted:
                yield found["value"].encode()
    if target == "escaper":
        yield from (payload.encode() for payload in PAYLOADS)


def _files() -> Iterator[Path]:
    yield SMALL / CLINIC
    for folder in (EXAMPLES / "sound", EXAMPLES / "broken", _ROOT / "content" / "declarations"):
        yield from sorted(folder.rglob("*.yml"))
