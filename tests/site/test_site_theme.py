"""A site's own theme: its files replace ours one by one, and none of them can loosen the security policy."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from jixiao.site.security_policy import HEADERS, POLICY
from jixiao.verify import site_links
from tests.conftest import ROOT, jixiao, run_module
from tests.support.sample_projects import CLINIC_PATH, copy_small_project

MAIN = "engine/main.html"
FOOTER = "engine/partials/site-footer.html"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of one declaration."""
    return copy_small_project(tmp_path / "project")


def replace(project: Path, path: str, *pairs: tuple[str, str]) -> None:
    """Begin a file of the site's theme as a copy of ours, with other words in it."""
    text = (ROOT / "theme" / path).read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    file = project / "theme" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def build(project: Path) -> "subprocess.CompletedProcess[str]":
    """Build in a process of its own, because the theme is chosen when a process begins."""
    return run_module("jixiao", "build", "--project", str(project))


def test_a_file_of_the_site_takes_the_place_of_ours(small: Path) -> None:
    replace(small, FOOTER, ("<footer", '<p class="county">某县财政局承办</p>\n<footer'))
    replace(small, "pages/home.md.jinja", ("{% ", "欢迎来到某县。\n\n{% "))
    words = small / "theme/words/en/zz-own.po"
    words.parent.mkdir(parents=True)
    words.write_text('msgid "部门和单位"\nmsgstr "Terms of the county"\n', encoding="utf-8")
    said = build(small)
    assert said.returncode == 0, said.stdout + said.stderr
    page = (small / "build/site/2021/health/clinic/index.html").read_text("utf-8")
    assert '<p class="county">某县财政局承办</p>' in page
    assert "欢迎来到某县。" in (small / "build/site/index.html").read_text("utf-8")
    assert "Terms of the county" in (small / "build/site/en/index.html").read_text("utf-8")
    assert run_module("jixiao", "verify", "--project", str(small)).returncode == 0
    # A change in the theme makes its pages anew, and without it the site is ours again.
    replace(small, FOOTER, ("<footer", '<p class="county">某县财政局</p>\n<footer'))
    assert build(small).returncode == 0
    page = (small / "build/site/2021/health/clinic/index.html").read_text("utf-8")
    assert '<p class="county">某县财政局</p>' in page
    shutil.rmtree(small / "theme")
    assert build(small).returncode == 0
    with_own = (small / "build/site/2021/health/clinic/index.html").read_bytes()
    shutil.rmtree(small / "build")
    assert jixiao("build", "--project", str(small)).returncode == 0
    assert (small / "build/site/2021/health/clinic/index.html").read_bytes() == with_own


def test_a_folder_that_is_no_project_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "theme/pages").mkdir(parents=True)
    (tmp_path / "theme/pages/home.md.jinja").write_text("mine", encoding="utf-8")
    said = run_module("jixiao", "check", f"-p{tmp_path}")
    assert said.returncode == 1
    assert not (tmp_path / "build").exists()


def test_a_slip_in_an_own_template_is_told_at_its_place(small: Path) -> None:
    replace(small, "pages/home.md.jinja", ("{% ", "{{ nothing.at.all }}\n{% "))
    said = build(small)
    assert said.returncode == 2
    assert "theme/pages/home.md.jinja is wrong in line" in said.stderr
    assert not (small / "build/site").exists()


META = '<meta http-equiv="Content-Security-Policy" content="{{ config.extra.security_policy | e }}">'
LOOSENED = {
    "without a policy": (META, ""),
    "a wider policy": (META, META.replace("{{ config.extra.security_policy | e }}", "script-src *")),
    "more allowed": (META, META.replace("}}", "}}; script-src-elem https://example.org")),
    "inline allowed": (
        META,
        META.replace(
            "{{ config.extra.security_policy | e }}",
            POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
        ),
    ),
    "the policy after a script": (META, f'<script src="assets/scheme.js"></script>\n{META}'),
    "a script inside": (META, f"{META}\n<script>alert(1)</script>"),
    "a script from elsewhere": (META, f'{META}\n<script src="https://example.org/x.js"></script>'),
    "a style from elsewhere": (META, f'{META}\n<link rel="stylesheet" href="https://example.org/x.css">'),
    "a handler": ("{% block libs %}", '{% block libs %}<link rel="icon" href="x" onload="alert(1)">'),
}


@pytest.mark.parametrize("slip", LOOSENED)
def test_a_theme_cannot_loosen_the_policy(small: Path, slip: str) -> None:
    replace(small, MAIN, LOOSENED[slip])
    said = build(small)
    assert said.returncode == 2, said.stdout
    assert re.search(r"^(?:[\w/-]+/)?(?:index|404)\.html: ", said.stderr, re.MULTILINE), said.stderr
    assert not (small / "build/site").exists()


def test_a_theme_cannot_change_the_headers(small: Path) -> None:
    (small / "theme/engine").mkdir(parents=True)
    (small / "theme/engine/_headers").write_text(
        "/*\n  Content-Security-Policy: default-src *\n", encoding="utf-8"
    )
    assert build(small).returncode == 0
    headers = (small / "build/site/_headers").read_text("utf-8")
    assert headers == "/*\n" + "".join(f"  {name}: {value}\n" for name, value in HEADERS.items())


def test_content_cannot_loosen_the_policy(small: Path) -> None:
    about = small / "content/pages/zh/about.md"
    evil = '<meta http-equiv="Content-Security-Policy" content="script-src *">\n<script>alert(1)</script>\n'
    about.write_text(about.read_text("utf-8") + f"\n{evil}", encoding="utf-8")
    declaration = small / CLINIC_PATH
    text = declaration.read_text("utf-8").replace("巡诊次数", "巡诊<script>alert(1)</script>")
    declaration.write_text(text, encoding="utf-8")
    said = jixiao("build", "--project", str(small))
    pages = list((small / "build/site").rglob("*.html"))
    # What is not refused is printed as text.
    assert said.returncode != 0 or pages
    for page in pages:
        assert "<script>alert" not in page.read_text("utf-8")


def test_both_know_the_same_policy() -> None:
    assert site_links._is_strict(POLICY)  # noqa: SLF001 - two texts that must agree
    for directive in POLICY.split("; "):
        assert not site_links._is_strict(POLICY.replace(f"{directive}; ", "").removesuffix(f"; {directive}"))  # noqa: SLF001
