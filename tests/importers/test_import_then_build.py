"""Whatever `import` writes without an open question, `check` and `build` accept."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.conftest import jixiao
from tests.importers.test_import_columns import ASKED, HEAD, READ
from tests.importers.test_import_kinds import REFUSED
from tests.importers.test_import_layouts import FORM, GOALS, ROWS, SOUND
from tests.importers.test_import_units import BLANK, STATED
from tests.importers.test_import_units import FORM as FORM_OF_UNITS

ORGANISATION = re.compile(r"请在 content/organisations\.yml 里加一行 (.*)$", re.MULTILINE)
ADDRESS = re.compile(r"请在 content/addresses\.yml 的 published 下加一行：(.*)$", re.MULTILINE)
CHECKSUM = re.compile(r"请在 content/forms/SHA256SUMS 加一行：(.*)$", re.MULTILINE)
ERROR_IN = re.compile(r"^content/declarations/(\S+?)\.yml:\d+:\d+: 错误: .*\n    建议: .", re.MULTILINE)
ERROR = re.compile(r"^.*: 错误: ", re.MULTILINE)
WRITTEN = re.compile(r"^(\S+?)(?:（| 第 \d+ 至).*：写成 (\S+)$", re.MULTILINE)
ROWS_OF_KIND = {
    "short-class-words": "\t效益指标\t社会效益\t覆盖村\t≥40个\n\t\t可持续性\t长效机制\t建立",
    "weights-in-class-words": "\t效益指标(30分)\t社会效益指标\t覆盖村\t≥40个",
    "other-class-words": "\t项目效益\n指标\t社会效益指标\t覆盖村\t≥40个".replace("\n", " "),
    "durations": "\t\t\t使用年限\t≥20年\n\t\t\t工期\t≤30日历天\n\t\t\t频次\t≥2次/年\n\t\t\t比例\t≥80-90%",
    "blanks-in-names": "\t\t\t全年下村巡 诊次数\t≥120 次",
    "sign-in-full-width": "\t\t\t满意程度\t＞９０％",
    "level-completed": "\t满意度指标\t\t村民满意度\t≥90%",
    "words-behind-a-sign": "\t\t\t验收\t=合格",
    "markup": "\t\t\t<p>培训&nbsp;场次</p>\t≥3场<br>次",
}


def register_as_hinted(site: Path, said: str) -> None:
    """Add the lines that *said* suggests, as an editor does."""
    registers = {
        "organisations.yml": ORGANISATION,
        "addresses.yml": ADDRESS,
        "forms/SHA256SUMS": CHECKSUM,
    }
    for name, pattern in registers.items():
        file = site / "content" / name
        lines = dict.fromkeys(pattern.findall(said))
        if lines:
            text = file.read_text("utf-8").replace("published: []", "published:") if file.exists() else ""
            indent = "  " if name == "addresses.yml" else ""
            file.write_text(text + "".join(f"{indent}{line}\n" for line in lines), encoding="utf-8")


def import_all(site: Path, forms: Sequence[str]) -> Mapping[Path, str]:
    """Import *forms*, which lie in `content/forms/`; return the form of each declaration written."""
    paths = [f"content/forms/{form}" for form in forms]
    told = jixiao("import", *paths, "--to", "new", language="zh", cwd=site).stdout
    register_as_hinted(site, told)
    written = {}
    for form, file in WRITTEN.findall(told):
        text = (site / file).read_text("utf-8")
        year = re.search(r"^year: (\S+)$", text, re.MULTILINE)
        department = re.search(r"^department: (\S+)$", text, re.MULTILINE)
        folder = f"{year[1] if year else '2024'}/{department[1] if department else 'finance'}"
        home = site / "content/declarations" / folder / Path(file).name
        home.parent.mkdir(parents=True, exist_ok=True)
        written[(site / file).rename(home)] = Path(form).name
    return written


def asked(site: Path) -> tuple[set[str], str]:
    """Register entries that `check` suggests; return declarations with further questions and its output."""
    for _ in range(3):
        said = jixiao("check", language="zh", cwd=site).stdout
        register_as_hinted(site, said)
    assert len(ERROR.findall(said)) == len(ERROR_IN.findall(said)), said
    return set(ERROR_IN.findall(said)), said


def take_away(site: Path, addresses: set[str]) -> None:
    """Take declarations away about which there are open questions."""
    register = site / "content/addresses.yml"
    lines = register.read_text("utf-8").splitlines(keepends=True)
    register.write_text(
        "".join(line for line in lines if line.strip().removeprefix("- ") not in addresses), encoding="utf-8"
    )
    for address in addresses:
        (site / f"content/declarations/{address}.yml").unlink()


def test_what_is_imported_without_an_open_question_is_published(tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert jixiao("init", str(site), "--yes", language="zh").returncode == 0
    settings = site / "site_config.yml"
    # Packs take time.
    words = settings.read_text("utf-8").replace("packs: true", "packs: false")
    settings.write_text(words, encoding="utf-8")
    rows, several = ROWS | ROWS_OF_KIND, {case: goals for case, (goals, _) in GOALS.items()}
    units = {case: change for case, (change, _) in STATED.items()}
    texts = {
        **{f"columns-{case}": HEAD + table for case, (table, _) in READ.items()},
        **{f"asked-{case}": HEAD + table for case, table in ASKED.items()},
        **{f"rows-{case}": FORM.format(**SOUND | {"rows": text}) for case, text in rows.items()},
        **{f"goals-{case}": FORM.format(**SOUND | {"goals": text}) for case, text in several.items()},
        **{f"units-{case}": FORM_OF_UNITS.format(**BLANK | change) for case, change in units.items()},
        **{f"kinds-{case}": f"{title}\n(2024年度)\n{form}" for case, (title, form, _) in REFUSED.items()},
    }
    for case, text in texts.items():
        (site / f"content/forms/{case}.txt").write_text(text, encoding="utf-8")

    written = import_all(site, [f"{case}.txt" for case in texts])
    questions, _ = asked(site)
    take_away(site, questions)
    built = jixiao("build", language="zh", cwd=site)

    assert built.returncode == 0, built.stdout + built.stderr
    # Only where the form leaves it open is anything asked.
    open_units = {f"units-{case}.txt" for case, (_, unit) in STATED.items() if unit is None}
    expected = open_units | {f"asked-{case}.txt" for case in ASKED}
    assert {form for file, form in written.items() if not file.exists()} == expected
    published = {form for file, form in written.items() if file.exists()}
    assert published == {f"{case}.txt" for case in texts if not case.startswith("kinds-")} - expected
