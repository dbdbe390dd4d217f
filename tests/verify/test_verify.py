"""What a built site says is read back and compared; whoever changes a digit of it is found out."""

import json
import random
import re
import shutil
from pathlib import Path

import pytest

from jixiao.i18n import load_interface_catalogue
from jixiao.verify import (
    MANIFEST,
    VerificationFinding,
    compare_manifest,
    file_entries,
    verify,
    write_manifest,
)
from jixiao.verify.html_stream import MalformedHtmlError, read_html
from jixiao.verify.page_checks import compare_page
from jixiao.verify.sources import VerificationSources, read_sources
from tests.support.independent_readers import PREFIXES

SEED = 20210101
PAGE = "2021/shanghai-hrss/vocational-training-capacity/index.html"
QUALITY = ("quality/index.html", "quality/2021/index.html")
LISTS = (
    "index.html",
    "2021/index.html",
    "2021/shanghai-hrss/index.html",
    "organisations/index.html",
    *QUALITY,
)
BARS = ("indicators/index.html", "2021/index.html", "2021/shanghai-hrss/index.html", PAGE)


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    """A copy of the built site that the test may change, without a manifest."""
    shutil.copytree(site, tmp_path / "site")
    (tmp_path / "site" / MANIFEST).unlink(missing_ok=True)
    return tmp_path / "site"


@pytest.fixture
def sources(built: Path) -> VerificationSources:
    """What the built site was made from."""
    return read_sources(built)


def _list_messages(findings: tuple[VerificationFinding, ...]) -> list[tuple[str, str]]:
    words = load_interface_catalogue("zh")
    return [(finding.file, finding.message.translate(words)) for finding in findings]


def _files(findings: tuple[VerificationFinding, ...]) -> set[str]:
    return {finding.file for finding in findings}


def _write_manifest(site: Path, previous: Path | None = None) -> Path:
    entries = [(path, *entry) for path, entry in sorted(file_entries(site).items())]
    return write_manifest(site, entries, previous, {"commit": "c0ffee"})


def _insert(page: Path, after: str, markup: str) -> None:
    text = page.read_text("utf-8")
    assert after in text
    page.write_text(text.replace(after, after + markup, 1), "utf-8")


def _with_another_digit(text: str, place: int, chance: random.Random) -> str:
    digit = chance.choice([digit for digit in "0123456789" if digit != text[place]])
    return text[:place] + digit + text[place + 1 :]


def _digits_of_the_article(text: str) -> list[int]:
    """Return the places of the digits that a reader of the article sees: not in tags, not in `&#10;`."""
    start, end = text.index("<article"), text.index("</article>")
    hidden = re.compile(r"<[^>]*>|&[^;\s]*;")
    within = {place for tag in hidden.finditer(text, start, end) for place in range(*tag.span())}
    return [place for place in range(start, end) if text[place] in "0123456789" and place not in within]


def test_a_site_as_it_was_built_has_no_finding(built: Path, copy: Path) -> None:
    assert _list_messages(verify(built, copy)) == []
    _write_manifest(copy)
    assert _list_messages(verify(built, copy)) == []


def test_another_digit_in_what_a_reader_sees_is_found_without_the_manifest(
    copy: Path, sources: VerificationSources
) -> None:
    pages = {
        page: (copy / page).read_text("utf-8")
        for prefix in PREFIXES.values()
        for name in (*sources.declarations, *sources.groups, "organisations/")
        for page in [f"{prefix}{name}index.html"]
    }
    places = [(page, place) for page, text in pages.items() for place in _digits_of_the_article(text)]
    chance = random.Random(SEED)  # noqa: S311 - which digit is changed is no secret
    missed = []
    for page, place in chance.sample(places, 400):
        tampered = _with_another_digit(pages[page], place, chance)
        if not list(compare_page(page, read_html(tampered), sources)):
            missed.append((page, pages[page][place - 40 : place + 20]))

    assert missed == []


@pytest.mark.parametrize("prefix", PREFIXES.values())
def test_every_digit_of_a_bar_and_of_its_counts_is_compared(
    copy: Path, sources: VerificationSources, prefix: str
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same changes in every run
    unseen = []
    for name in (f"{prefix}{bar}" for bar in BARS):
        text = (copy / name).read_text("utf-8")
        for block in re.finditer("<svg class=.profile-bar.*?</(?:table|ul)>", text, re.DOTALL):
            for place in (block.start() + digit.start() for digit in re.finditer("[0-9]", block[0])):
                changed = _with_another_digit(text, place, chance)
                if not list(compare_page(name, read_html(changed), sources)):
                    unseen.append(changed[place - 40 : place + 20])

    # The height is the same everywhere and says nothing.
    assert [place for place in unseen if not re.search(r' (?:y|height)="[0-9]$', place[:41])] == []


@pytest.mark.parametrize("prefix", PREFIXES.values())
def test_every_digit_of_a_page_is_compared(copy: Path, sources: VerificationSources, prefix: str) -> None:
    chance = random.Random(SEED)  # noqa: S311 - which digit is changed is no secret
    for page in (PAGE, *LISTS):
        text = (copy / prefix / page).read_text("utf-8")
        missed = [
            text[place - 40 : place + 20]
            for place in _digits_of_the_article(text)
            if not list(
                compare_page(f"{prefix}{page}", read_html(_with_another_digit(text, place, chance)), sources)
            )
        ]
        assert missed == []


def test_another_digit_anywhere_in_a_page_is_found_with_the_manifest(built: Path, copy: Path) -> None:
    _write_manifest(copy)
    pages = sorted(copy.rglob("*.html"))
    chance = random.Random(SEED)  # noqa: S311 - which digit is changed is no secret
    for _ in range(30):
        page = chance.choice(pages)
        text = page.read_text("utf-8")
        place = chance.choice([place for place, sign in enumerate(text) if sign in "0123456789"])
        page.write_text(_with_another_digit(text, place, chance), "utf-8")
        assert page.relative_to(copy).as_posix() in _files(verify(built, copy))
        page.write_text(text, "utf-8")
    assert verify(built, copy) == ()


def test_a_finding_says_what_is_and_what_was_filed_in_both_languages(built: Path, copy: Path) -> None:
    page = copy / PAGE
    text = page.read_text("utf-8")
    page.write_text(text.replace("&gt;=1300人次", "&gt;=1800人次"), "utf-8")
    (finding,) = verify(built, copy)

    assert finding.file == PAGE
    assert finding.message.translate(load_interface_catalogue("zh")) == (
        "指标 trainer-education-participants 的目标值：应为“>=1300人次”，页面上是“>=1800人次”"
    )
    assert finding.message.translate(load_interface_catalogue("en")) == (
        "Target value of the indicator trainer-education-participants: "
        "“>=1300人次” was expected, the page has “>=1800人次”"
    )


def test_a_blank_that_is_shown_as_zero_is_found(built: Path, copy: Path) -> None:
    page = copy / PAGE
    text = page.read_text("utf-8")
    blank = '<td class="number"><span class="not-filed">未填报</span></td>'
    page.write_text(text.replace(blank, '<td class="number">0</td>', 1), "utf-8")

    assert _list_messages(verify(built, copy)) == [(PAGE, "其他资金：应为“未填报”，页面上是“0”")]


def test_an_indicator_that_is_gone_or_in_another_class_is_found(built: Path, copy: Path) -> None:
    page = copy / PAGE
    text = page.read_text("utf-8")
    row = re.search(r'<tr id="i-platform-maintenance-completion">.*?</tr>\n', text, re.DOTALL)
    assert row
    page.write_text(text.replace(row[0], ""), "utf-8")
    assert _files(verify(built, copy)) == {PAGE}
    page.write_text(text.replace('rowspan="6" class="level2"', 'rowspan="5" class="level2"', 1), "utf-8")
    assert _files(verify(built, copy)) == {PAGE}


def test_a_page_or_a_row_that_is_missing_is_found(built: Path, copy: Path) -> None:
    (copy / "en" / PAGE).unlink()
    page = copy / "index.html"
    text = page.read_text("utf-8")
    row = re.search(r'<tr><th scope="row"><a href="2021/shanghai-hrss/vocat.*?</tr>', text, re.DOTALL)
    assert row
    page.write_text(text.replace(row[0], ""), "utf-8")
    findings = _list_messages(verify(built, copy))

    assert (f"en/{PAGE}", "缺少这个页面") in findings
    assert ("index.html", f"列表里应有而没有、或不应有而有：{PAGE.removesuffix('index.html')}") in findings


def test_a_changed_file_a_missing_file_and_an_extra_file_are_named(copy: Path) -> None:
    _write_manifest(copy)
    (copy / "assets" / "site.js").write_text("alert(1)", "utf-8")
    (copy / "forms" / "declarations-2021.txt").unlink()
    (copy / "extra.html").write_text("", "utf-8")

    assert _list_messages(tuple(compare_manifest(copy))) == [
        ("assets/site.js", "文件与清单记载的不同，发布后被改动过"),
        ("extra.html", "多出这个文件，清单里没有"),
        ("forms/declarations-2021.txt", "缺少这个文件，清单里有"),
    ]


def test_a_link_in_place_of_a_file_is_a_change(copy: Path, tmp_path: Path) -> None:
    _write_manifest(copy)
    shutil.copy(copy / "404.html", tmp_path / "same.html")
    (copy / "404.html").unlink()
    (copy / "404.html").symlink_to(tmp_path / "same.html")

    assert _files(tuple(compare_manifest(copy))) == {"404.html"}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', '{"format": 1, "files": [1]}', "\x00"])
def test_a_broken_manifest_is_a_finding(built: Path, copy: Path, text: str) -> None:
    (copy / MANIFEST).parent.mkdir(exist_ok=True)
    (copy / MANIFEST).write_text(text, "utf-8")

    assert _files(verify(built, copy)) == {MANIFEST}


def test_the_manifest_counts_publications_that_change_something_and_is_the_same_for_the_same_site(
    copy: Path, tmp_path: Path
) -> None:
    first = json.loads(_write_manifest(copy).read_text("utf-8"))
    again = shutil.copytree(copy, tmp_path / "again")
    second = json.loads(_write_manifest(again, copy).read_text("utf-8"))
    changed = shutil.copytree(copy, tmp_path / "changed")
    (changed / "404.html").write_text("other", "utf-8")
    third = json.loads(_write_manifest(changed, copy).read_text("utf-8"))
    paths = [entry["path"] for entry in first["files"]]

    assert (first["counter"], second["counter"], third["counter"], first["commit"]) == (1, 1, 2, "c0ffee")
    assert first["files"] == second["files"]
    assert paths == sorted(paths)
    assert MANIFEST not in paths
    assert paths == sorted(
        path.relative_to(copy).as_posix()
        for path in copy.rglob("*")
        if path.is_file() and path != copy / MANIFEST
    )


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="https://example.org/x.js"></script>',
        '<script src="//example.org/x.js"></script>',
        "<script>alert(1)</script>",
        '<script src="../../../assets/site.js">alert(1)</script>',
        '<script type="module">alert(1)</script>',
        '<script type="application/ld+json">{}</script>',
        '<script type="application/ld+json">{"name": "&lt;"}</script>',
        '<script type="text/javascript; application/ld+json">alert(1)</script>',
        "<style>p{}</style>",
        '<p style="color:red"></p>',
        '<p onclick="alert(1)"></p>',
        '<p OnMouseOver="alert(1)"></p>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="java&#9;script:alert(1)">x</a>',
        '<a href="&#1;javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<a href="/\\example.org/">x</a>',
        '<a href="#nowhere">x</a>',
        '<a href="../../../guide/#nowhere">x</a>',
        '<a href="../../../nowhere/">x</a>',
        '<a href="https://jixiao.example/nowhere/">x</a>',
        '<a href="../../../../../etc/passwd">x</a>',
        '<img src="https://example.org/x.png" alt="">',
        '<img src="http:example.org" alt="">',
        '<link rel="stylesheet" href="https://example.org/x.css">',
        '<link rel="alternate stylesheet" href="https://example.org/x.css">',
        '<iframe src="../../../"></iframe>',
        '<form action="https://example.org/"></form>',
        '<base href="https://example.org/">',
        '<meta http-equiv="refresh" content="0;url=https://example.org/">',
        '<meta http-equiv="refresh" content="0; url=../../../nowhere/">',
        '<meta http-equiv="set-cookie" content="a=b">',
        '<object data="x"></object>',
        "<p",
        "<p title='x'></p>",
        '<p id="x" id="y"></p>',
        "</div>",
    ],
)
def test_what_runs_inline_comes_from_outside_or_leads_nowhere_is_found(
    built: Path, copy: Path, markup: str
) -> None:
    _insert(copy / PAGE, '<div class="page" id="content">', markup)

    assert _files(verify(built, copy)) == {PAGE}


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="https://example.org/?a=b#c">x</a>',
        '<a href="mailto:a@example.org">x</a>',
        '<a href="../../../guide/#marks">x</a>',
        '<a href="https://jixiao.example/guide/">x</a>',
        '<link rel="license" href="https://example.org/">',
        '<meta http-equiv="refresh" content="0; url=../../../guide/">',
    ],
)
def test_a_link_that_leads_somewhere_is_no_finding(built: Path, copy: Path, markup: str) -> None:
    _insert(copy / PAGE, '<div class="page" id="content">', markup)

    assert _list_messages(verify(built, copy)) == []


def test_a_style_sheet_that_loads_from_outside_is_found(built: Path, copy: Path) -> None:
    sheet = copy / "assets" / "site.css"
    sheet.write_text(sheet.read_text("utf-8") + "@import 'https://example.org/x.css';", "utf-8")

    assert _files(verify(built, copy)) == {"assets/site.css"}


def test_a_changed_form_is_found_without_the_manifest(built: Path, copy: Path) -> None:
    form = copy / "forms" / "declarations-2021.txt"
    form.write_bytes(form.read_bytes().replace(b"151", b"157", 1))

    assert _list_messages(verify(built, copy)) == [
        ("forms/declarations-2021.txt", "申报表文本与项目里的不同")
    ]


def test_a_project_that_cannot_be_read_is_a_finding_and_no_crash(project: Path, copy: Path) -> None:
    file = project / "content" / "declarations" / PAGE.replace("/index.html", ".yml")
    file.write_text(file.read_text("utf-8") + "\nyear: 2022\n", "utf-8")

    assert _list_messages(verify(project, copy)) == [
        (file.relative_to(project).as_posix(), "这个文件读不出来，无法核对网站")
    ]


@pytest.mark.parametrize("text", ["<p>", "<p></b>", "a < b", "<p a=b></p>", "<p/>", "<!-- x"])
def test_a_page_is_read_strictly(text: str) -> None:
    with pytest.raises(MalformedHtmlError):
        read_html(text)
