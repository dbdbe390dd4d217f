"""The history of declarations, read from git: twelve commits, each with the words it must leave behind."""

import datetime as dt
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from lxml import etree
from playwright.sync_api import Page

from tests.conftest import jixiao, serve
from tests.support.axe import assert_axe_finds_nothing
from tests.support.git_project import GitProject
from tests.support.sample_projects import CLINIC_PATH, EXAMPLES, assert_matches_golden, copy_small_project

EXPECTED = EXAMPLES / "history"
WARD = "content/declarations/2021/health/ward.yml"
MOVED = "content/declarations/2021/health/village-clinic.yml"
BOOK = "content/addresses.yml"
SECONDS = "1612325106"
"""Of 2021-02-03T04:05:06Z, when commits of tests are made."""
ATOM = "{http://www.w3.org/2005/Atom}"


def _second(begun: GitProject) -> None:
    """File a second declaration, like the first under another name."""
    text = (begun.project / CLINIC_PATH).read_text("utf-8")
    begun.write(WARD, text.replace("乡村诊所巡诊 & “送医下乡”", "病房改造"))
    begun.replace(BOOK, ("  - 2021/health/clinic\n", "  - 2021/health/clinic\n  - 2021/health/ward\n"))


def build_scripted_history(folder: Path) -> GitProject:
    """Make a repository of twelve commits, a merge among them."""
    begun = GitProject(copy_small_project(folder))
    begun.git("init", "--quiet", "--initial-branch", "main")
    # 1: published.
    begun.commit("首次公开", when="2021-03-01T09:00:00+08:00")
    # 2: a change whose kind nobody states.
    begun.replace(CLINIC_PATH, (">=120次", ">=130次"))
    begun.commit("更多巡诊", when="2021-03-02T09:00:00+08:00")
    # 3: another layout, the same content.
    begun.replace(CLINIC_PATH, ("name: 村民满意度", 'name: "村民满意度"'))
    begun.commit("排版", when="2021-03-03T09:00:00+08:00")
    # 4: a correction with its reason.
    begun.replace(
        CLINIC_PATH,
        ("total: 1,234,567.80", "total: 1,234,568.80"),
        ("fiscal: 1234567.80", "fiscal: 1234568.80"),
    )
    begun.commit(
        "金额抄错", "", "变更类型：更正", "变更理由：抄录时少了一元 <b>", when="2021-03-04T09:00:00+08:00"
    )
    # 5: a second declaration.
    _second(begun)
    begun.commit("新的一份", when="2021-03-05T09:00:00+08:00")
    # 6: it is broken, so that nobody can read it.
    sound = (begun.project / WARD).read_text("utf-8")
    begun.write(WARD, sound.replace("year: 2021", "year: [2021"))
    begun.commit("坏了", when="2021-03-06T09:00:00+08:00")
    # 7: mended, with a change beside it.
    begun.write(WARD, sound.replace(">=90.5%", ">=91%"))
    begun.commit("修好", "", "Change-Kind: adjustment", when="2021-03-07T09:00:00+08:00")
    # 8, 9: on a branch that is merged, the kind stands in its commit and not in the merge.
    begun.git("switch", "--quiet", "--create", "分支")
    begun.replace(CLINIC_PATH, ("annual: 完成巡诊。", "annual: 完成全部巡诊。"))
    begun.commit("目标", "", "变更类型：补充", when="2021-03-08T09:00:00+08:00")
    begun.git("switch", "--quiet", "main")
    begun.write("content/notes.txt", "")
    (begun.project / "content/notes.txt").unlink()
    begun.merge("分支", "合并", when="2021-03-09T09:00:00+08:00")
    # 10: another address.
    begun.git("mv", CLINIC_PATH, MOVED)
    begun.replace(BOOK, ("published:\n", "published:\n  - 2021/health/village-clinic\n"))
    begun.write(
        BOOK,
        (begun.project / BOOK).read_text("utf-8")
        + "renamed:\n  2021/health/clinic: 2021/health/village-clinic\n",
    )
    begun.commit("改名", when="2021-03-10T09:00:00+08:00")
    # 11: withdrawn, with its reason in the register.
    register = (begun.project / BOOK).read_text("utf-8")
    (begun.project / WARD).unlink()
    begun.write(BOOK, register + "withdrawn:\n  2021/health/ward: 重复申报\n")
    begun.commit("撤下", when="2021-03-11T09:00:00+08:00")
    # 12: and filed again.
    begun.write(WARD, sound)
    begun.write(BOOK, register)
    begun.commit("又公开", when="2021-03-12T09:00:00+08:00")
    return begun


def _build(begun: GitProject) -> Path:
    result = jixiao("build", "--project", str(begun.project))
    assert result.returncode == 0, result.stdout + result.stderr
    return begun.project / "build"


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is built of the twelve commits."""
    return _build(build_scripted_history(tmp_path_factory.mktemp("history") / "项目"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_changes_says_exactly_what_happened(
    build: Path, language: str, *, rewrites_golden: bool
) -> None:
    page = (build / f"pages/{language}/changes/index.md").read_text("utf-8")
    assert_matches_golden(EXPECTED / f"changes.{language}.md", page, rewrites=rewrites_golden)


@pytest.mark.parametrize("path", ["feed.atom", "en/feed.atom", "organisations/health/feed.atom"])
def test_the_feed_says_exactly_what_happened(build: Path, path: str, *, rewrites_golden: bool) -> None:
    feed = (build / "site" / path).read_text("utf-8")
    assert_matches_golden(EXPECTED / path.replace("/", "-"), feed, rewrites=rewrites_golden)


@pytest.mark.parametrize("path", ["feed.atom", "en/feed.atom", "organisations/health/feed.atom"])
def test_the_feed_keeps_to_the_schema(build: Path, path: str) -> None:
    schema = etree.RelaxNG(etree.parse(str(EXAMPLES / "atom.rng")))
    feed = etree.parse(str(build / "site" / path))
    assert schema.validate(feed), schema.error_log
    for needed in ("id", "title", "updated", "entry/id", "entry/title", "entry/updated", "author/name"):
        spoilt = etree.parse(str(build / "site" / path))
        found = spoilt.find(ATOM + needed.replace("/", f"/{ATOM}"))
        assert found is not None
        parent = found.getparent()
        assert parent is not None
        parent.remove(found)
        assert not schema.validate(spoilt), needed


@pytest.mark.parametrize("path", ["feed.atom", "en/feed.atom", "organisations/health/feed.atom"])
def test_a_reader_of_feeds_finds_the_same_in_it(build: Path, path: str) -> None:
    content = (build / "site" / path).read_bytes()
    read = feedparser.parse(content)
    assert (read.bozo, read.version) == (False, "atom10")
    entries = etree.fromstring(content).findall(f"{ATOM}entry")
    assert [
        (
            one.id,
            one.title,
            one.updated,
            one.link,
            one.get("summary", ""),
            [tag.term for tag in one.get("tags", [])],
        )
        for one in read.entries
    ] == [
        (
            entry.findtext(f"{ATOM}id"),
            entry.findtext(f"{ATOM}title"),
            entry.findtext(f"{ATOM}updated"),
            entry.xpath("string(*[local-name() = 'link']/@href)"),
            entry.findtext(f"{ATOM}summary") or "",
            [category.get("term") for category in entry.findall(f"{ATOM}category")],
        )
        for entry in entries
    ]
    assert read.feed.updated == max(one.updated for one in read.entries)


@pytest.mark.parametrize("path", ["feed.atom", "en/feed.atom", "organisations/health/feed.atom"])
def test_the_feed_is_as_the_standard_asks(build: Path, path: str) -> None:
    feed = etree.parse(str(build / "site" / path)).getroot()
    assert feed.tag == f"{ATOM}feed"
    for one in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1
        assert len({link.get("rel") for link in one.findall(f"{ATOM}link")}) == len(
            one.findall(f"{ATOM}link")
        )
        assert dt.datetime.fromisoformat(one.findtext(f"{ATOM}updated") or "").tzinfo is not None
        assert re.match(r"(tag|https):", one.findtext(f"{ATOM}id") or "")
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    own = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own == [f"https://example.org/jixiao/{path}"]
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    times = [entry.findtext(f"{ATOM}updated") or "" for entry in feed.findall(f"{ATOM}entry")]
    assert times == sorted(times, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == times[0]
    for link in feed.iter(f"{ATOM}link"):
        way = (link.get("href") or "").removeprefix("https://example.org/jixiao/")
        assert (build / "site" / (f"{way}index.html" if way.endswith("/") else way)).is_file(), way


def test_a_declaration_tells_its_own_history(build: Path) -> None:
    page = (build / "site/en/2021/health/village-clinic/index.html").read_text("utf-8")
    days = re.findall(r'<time datetime="([^"T]*)T', page)
    assert days == ["2021-03-10", "2021-03-09", "2021-03-04", "2021-03-02", "2021-03-01"]
    assert "&gt;=120" in page
    assert "抄录时少了一元</span> &lt;b&gt;" in page


@pytest.mark.browser
@pytest.mark.parametrize("prefix", ["", "en/"])
@pytest.mark.parametrize("path", ["changes/", "2021/health/village-clinic/"])
def test_the_pages_that_tell_it_are_accessible_and_fit(
    page: Page, build: Path, prefix: str, path: str
) -> None:
    for address in serve(build / "site"):
        page.set_viewport_size({"width": 320, "height": 800})
        page.goto(f"{address}{prefix}{path}")
        assert_axe_finds_nothing(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_is_known_is_not_compared_again_and_the_site_is_the_same(build: Path, tmp_path: Path) -> None:
    project = tmp_path / "项目"
    shutil.copytree(build.parent, project, symlinks=True)
    before = _site(project)
    assert jixiao("build", "--project", str(project)).returncode == 0
    assert _site(project) == before
    begun = GitProject(project)
    begun.replace(WARD, (">=90.5%", ">=92%"))
    begun.commit("再改", when="2021-03-13T09:00:00+08:00")
    assert jixiao("build", "--project", str(project)).returncode == 0
    warm = _site(project)
    shutil.rmtree(project / "build")
    assert jixiao("build", "--project", str(project)).returncode == 0
    assert _site(project) == warm
    assert "92%" in (project / "build/pages/zh/changes/index.md").read_text("utf-8")


def _site(project: Path) -> dict[str, bytes]:
    site = project / "build/site"
    return {
        file.relative_to(site).as_posix(): file.read_bytes()
        for file in sorted(site.rglob("*"))
        if file.is_file() and file.name != "manifest.json"
    }


def _without_git(_: GitProject, tmp_path: Path) -> Path:
    return copy_small_project(tmp_path / "plain")


def _shallow(begun: GitProject, tmp_path: Path) -> Path:
    address = begun.project.as_uri()
    subprocess.run(["git", "clone", "-q", "--depth", "1", address, tmp_path / "shallow"], check=True)
    return tmp_path / "shallow"


@pytest.mark.parametrize(
    ("make", "saying"),
    [
        (_without_git, "网站不是由 git 仓库建成的，没有历史。"),
        (_shallow, "取得的 git 仓库不完整（浅克隆），没有历史。"),
    ],
)
def test_without_a_history_the_page_says_so_and_the_site_is_built(
    make: object, saying: str, tmp_path: Path
) -> None:
    begun = GitProject(copy_small_project(tmp_path / "project"))
    begun.git("init", "--quiet", "--initial-branch", "main")
    begun.commit("start")
    begun.commit("more")
    project = make(begun, tmp_path)  # type: ignore[operator]
    result = jixiao("build", "--project", str(project))
    assert result.returncode == 0, result.stdout + result.stderr
    assert saying in (project / "build/pages/zh/changes/index.md").read_text("utf-8")
    assert not (project / "build/site/feed.atom").exists()


def test_personal_data_that_was_taken_out_does_not_come_back_and_sums_stay(tmp_path: Path) -> None:
    begun = GitProject(copy_small_project(tmp_path / "project"))
    begun.git("init", "--quiet", "--initial-branch", "main")
    begun.replace(
        CLINIC_PATH,
        ("annual: 完成巡诊。", "annual: 完成巡诊，联系人 13812345678、11010519491231002X。"),
        ("name: 村民满意度", "name: 村民满意度 clinic@example.org"),
    )
    begun.commit("start")
    begun.replace(
        CLINIC_PATH,
        ("，联系人 13812345678、11010519491231002X", ""),
        (" clinic@example.org", ""),
        ("total: 1,234,567.80", "total: 13812345678"),
        ("fiscal: 1234567.80", "fiscal: 13812345678"),
    )
    begun.commit("删去", "", "变更理由：误录了 13912345678")
    page = (_build(begun) / "site/changes/index.html").read_text("utf-8")
    assert [one for one in ("11010519491231002X", "clinic@", "13912345678") if one in page] == []
    # The goal has lost the number, and the sum has the same digits.
    assert page.count("13812345678") == 2
    assert "13812345678 元" in page


def test_what_stood_in_a_withdrawn_declaration_is_not_told_again(tmp_path: Path) -> None:
    begun = GitProject(copy_small_project(tmp_path / "project"))
    begun.git("init", "--quiet", "--initial-branch", "main")
    _second(begun)
    begun.commit("start")
    begun.replace(WARD, (">=120次", ">=777次"))
    begun.commit("more")
    (begun.project / WARD).unlink()
    register = (begun.project / BOOK).read_text("utf-8")
    begun.write(BOOK, f"{register}withdrawn:\n  2021/health/ward: 重复申报\n")
    begun.commit("撤下")
    build = _build(begun)
    page = (build / "pages/zh/changes/index.md").read_text("utf-8")
    assert page.count("2021/health/ward") == 6
    assert "777" not in page
    assert "777" not in (build / "site/feed.atom").read_text("utf-8")


def _days(build: Path) -> Iterator[str]:
    yield from re.findall(
        r'<time datetime="([^"T]*)T', (build / "pages/zh/changes/index.md").read_text("utf-8")
    )


def test_a_clock_before_1970_stops_nothing(tmp_path: Path) -> None:
    begun = GitProject(copy_small_project(tmp_path / "project"))
    begun.git("init", "--quiet", "--initial-branch", "main")
    begun.commit("start")
    # git itself refuses to write such a date, so the commit is written by hand.
    raw = begun.git("cat-file", "commit", "HEAD").replace(SECONDS, "-14182980")
    (tmp_path / "commit").write_text(f"{raw}\n", encoding="utf-8")
    early = begun.git("hash-object", "-t", "commit", "-w", "--literally", str(tmp_path / "commit"))
    begun.git("reset", "--quiet", "--hard", early)
    begun.replace(CLINIC_PATH, (">=120次", ">=130次"))
    begun.commit("later", when="2021-03-02T09:00:00+08:00")
    build = _build(begun)
    assert list(_days(build)) == ["2021-03-02"]
    assert "日期不明" in (build / "pages/zh/changes/index.md").read_text("utf-8")
    assert "<updated>1970-01-01T00:00:00+00:00</updated>" in (build / "site/feed.atom").read_text("utf-8")


def test_the_history_of_a_project_in_a_folder_of_its_repository(tmp_path: Path) -> None:
    outer = GitProject(tmp_path)
    copy_small_project(tmp_path / "内 部")
    outer.git("init", "--quiet", "--initial-branch", "main")
    outer.commit("start", when="2021-03-01T09:00:00+08:00")
    assert list(_days(_build(GitProject(tmp_path / "内 部")))) == ["2021-03-01"]
