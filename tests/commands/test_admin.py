"""The web form: a clerk opens a declaration in Chromium, changes it and saves; the file changes there."""

import difflib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from jixiao.commands.admin import Backend, RepositoryHost, build_decap_settings, build_form_policy
from jixiao.config import SiteConfig
from jixiao.content import read_content
from tests.conftest import PATIENCE, ROOT, jixiao, serve
from tests.support.sample_projects import CLINIC_PATH, SMALL_SITE, copy_small_project

HERE = ROOT / "tests/cms"
SERVER = HERE / "node_modules/decap-server/dist/index.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("npm") and not os.environ.get("CI"), reason="npm"),
]


class Form(NamedTuple):
    """The form, opened on the declaration of the small project."""

    page: Page
    file: Path
    complaints: list[str]

    def field(self, name: str, number: int = 0) -> Locator:
        """Find a field by its name in the file, counted from the top."""
        return self.page.locator(f'[id^="{name}-field"]:visible').nth(number)

    def save(self) -> list[str]:
        """Save; return the lines of the file that went and came."""
        before = (SMALL_SITE / CLINIC_PATH).read_text("utf-8")
        self.page.get_by_role("button", name="发布").first.click()
        self.page.get_by_role("menuitem", name="立即发布").click()
        after = before
        # Twice the same: the server may be in the middle of writing.
        for _ in range(600):
            seen, after = after, self.file.read_text("utf-8")
            if after == seen != before:
                break
            time.sleep(0.1)
        # One space less than a change has, so that signs and lines stand together.
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
        return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The folder of the form, and where the server for one's own machine will listen."""
    if not SERVER.exists():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=HERE, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = tmp_path_factory.mktemp("admin")
    project = copy_small_project(base / "project")
    form = base / "form"
    said = jixiao("admin", str(form), "--project", str(project), "--server", f"http://127.0.0.1:{port}")
    assert (said.returncode, said.stdout) == (0, f"The form is written: {form}\n"), said.stderr
    return form, port


@pytest.fixture
def form(folder: tuple[Path, int], browser: Browser, tmp_path: Path) -> Iterator[Form]:
    """The form of a project that the test may change."""
    project = copy_small_project(tmp_path / "project")
    place, port = folder
    environment = {
        **os.environ,
        "PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MODE": "fs",
        "GIT_REPO_DIRECTORY": str(project),
        "LOG_LEVEL": "error",
    }
    server = subprocess.Popen(["node", str(SERVER)], cwd=project, env=environment)
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    try:
        _wait_for(port)
        for address in serve(place):
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda said: complaints.append(said.text) if _is_error(said) else None)
            page.goto(f"{address}index.html")
            page.get_by_role("button", name="登录").click()
            page.locator('a[href*="/entries/"]').first.click()
            expect(page.locator('[id^="target-field"]').first).to_be_visible()
            yield Form(page, project / CLINIC_PATH, complaints)
    finally:
        context.close()
        server.terminate()
        server.wait(20)
    assert complaints == []


def _is_error(said: ConsoleMessage) -> bool:
    return said.type == "error"


def _wait_for(port: int) -> None:
    for _ in range(1200):
        try:
            urlopen(f"http://127.0.0.1:{port}/api/v1").close()
        except URLError as error:
            if isinstance(error.reason, ConnectionRefusedError):
                time.sleep(0.05)
                continue
        return


def test_a_target_changes_in_its_line_and_nothing_else(form: Form) -> None:
    assert [form.field("target", number).input_value() for number in range(4)] == [
        ">=120次",
        "=0",
        "",
        ">=90.5%",
    ]
    form.field("target", 1).fill("<=1")
    assert form.save() == ['-        target: "=0"', '+        target: "<=1"']
    formatted = jixiao("fmt", "--project", str(form.file.parents[4]))
    assert formatted.returncode == 0, formatted.stdout
    assert 'target: "<=1"' in form.file.read_text("utf-8")


def test_sums_texts_and_blanks_change_as_typed(form: Form) -> None:
    # As filed: with commas and two digits behind the point, which a number would lose.
    assert form.field("total").input_value() == "1,234,567.80"
    assert form.field("fiscal").input_value() == "1234567.80"
    form.field("fiscal").fill("1,234,567.00")
    form.field("target", 2).fill("每月: 5日前")
    form.field("target", 3).fill("")
    form.page.locator('textarea[id^="annual-field"]').fill("完成巡诊。\n每村一次。")
    assert form.save() == [
        "-    fiscal: 1234567.80",
        "+    fiscal: 1,234,567.00",
        "-  annual: 完成巡诊。",
        '+  annual: "完成巡诊。\\n每村一次。"',
        "-        target: null",
        '+        target: "每月: 5日前"',
        '-        target: ">=90.5%"',
        "+        target: null",
    ]


def test_a_new_indicator_is_added_and_the_rest_stays(form: Form) -> None:
    form.page.get_by_role("button", name="新增指标").first.click()
    form.field("id", 2).fill("doctors")
    form.field("name", 3).fill("出诊医生")
    form.field("target", 2).fill("=3")
    assert form.save() == ["+      - id: doctors", "+        name: 出诊医生", '+        target: "=3"']
    formatted = jixiao("fmt", "--project", str(form.file.parents[4]))
    assert formatted.returncode == 0, formatted.stdout
    assert jixiao("check", "--project", str(form.file.parents[4])).returncode == 0


def test_lists_are_closed_and_the_words_are_those_of_the_form() -> None:
    read = read_content(SMALL_SITE)
    assert isinstance(read.config, SiteConfig)
    settings = build_decap_settings(read.registers, read.config, RepositoryHost())
    (collection,) = settings["collections"]
    fields = {field["name"]: field for field in collection["fields"]}
    assert [field["label"] for field in collection["fields"]] == [
        *("年度", "项目名称", "项目性质", "主管部门", "实施单位", "计划起止日期"),
        *("项目资金", "项目绩效目标", "绩效指标"),
    ]
    assert fields["nature"]["options"] == ["经常性项目", "一次性项目", "阶段性项目"]
    assert {"label": "示例县卫生局", "value": "health"} in fields["department"]["options"]
    funding = {field["name"]: field for field in fields["funding"]["fields"]}
    assert funding["unit"]["options"] == ["元", "万元"]
    levels = {
        field["name"]: [one["name"] for one in field["fields"]] for field in fields["indicators"]["fields"]
    }
    assert levels["满意度指标"] == ["服务对象满意度指标"]
    assert all(field["hint"] for field in collection["fields"])
    json.dumps(settings)


@pytest.mark.parametrize(
    ("host", "connects"),
    [
        (RepositoryHost(), "connect-src 'self' blob: http://127.0.0.1:8081;"),
        (
            RepositoryHost(backend=Backend.GITHUB, repository="a/b"),
            "connect-src 'self' blob: https://api.github.com https://github.com https://*.githubusercontent.com;",
        ),
        (
            RepositoryHost(backend=Backend.GITEA, repository="a/b", server="https://git.example"),
            "connect-src 'self' blob: https://git.example;",
        ),
    ],
)
def test_the_page_speaks_to_the_forge_alone(host: RepositoryHost, connects: str) -> None:
    policy = build_form_policy(host)
    assert connects in policy
    assert policy.startswith("default-src 'none'; script-src 'self' 'unsafe-eval';")


def test_the_form_knows_where_it_writes_and_how_a_clerk_gets_in() -> None:
    read = read_content(SMALL_SITE)
    assert isinstance(read.config, SiteConfig)
    host = RepositoryHost(
        backend=Backend.GITLAB, repository="finance/site", server="https://git.example", app_id="17"
    )
    settings = build_decap_settings(read.registers, read.config, host)
    assert settings["backend"] == {
        "name": "gitlab",
        "repo": "finance/site",
        "branch": "main",
        "auth_type": "pkce",
        "base_url": "https://git.example",
        "api_root": "https://git.example/api/v4",
        "app_id": "17",
    }
    # A change waits until somebody has reviewed it.
    assert settings["publish_mode"] == "editorial_workflow"


@pytest.mark.parametrize(
    ("options", "saying"),
    [
        (("--backend", "github"), "say which repository: --repository owner/name"),
        (("--backend", "github", "--repository", "a b/c"), "say which repository: --repository owner/name"),
        (("--backend", "gitea", "--repository", "a/b"), "say where Gitea is: --server https://…"),
        (
            ("--server", "https://x; script-src *"),
            "this is not a web address: https://x; script-src *",
        ),
        (("--server", "javascript:x"), "this is not a web address: javascript:x"),
    ],
)
def test_a_form_that_would_not_know_where_to_write_is_not_made(
    tmp_path: Path, options: tuple[str, ...], saying: str
) -> None:
    said = jixiao("admin", str(tmp_path / "form"), "--project", str(SMALL_SITE), *options)
    assert (said.returncode, said.stdout, said.stderr) == (1, "", f"{saying}\n")
    assert not (tmp_path / "form").exists()


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    said = jixiao("admin", str(tmp_path), "--project", str(SMALL_SITE))
    assert (said.returncode, said.stdout) == (1, "")
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_the_site_itself_has_no_form(site: Path) -> None:
    assert not (site / "admin").exists()
