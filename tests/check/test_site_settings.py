"""The publisher's settings: every key documented, nothing unknown, what is absent is not shown."""

from pathlib import Path

import pytest

from jixiao import config
from jixiao.config import Footer, Licence, SiteConfig
from tests.conftest import ROOT, jixiao
from tests.support.sample_projects import (
    check_project,
    copy_small_project,
    format_problem_report,
    relative_path,
)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("name: {zh: 甲, en: A}\nnmae: x\n", "site_config.yml:2:1: error: unknown field “nmae”"),
        ("name: {zh: 甲}\n", "site_config.yml:1:7: error: the name of the site is missing in: en"),
        (
            "name: {zh: 甲, en: A}\nlanguages: [en]\n",
            "site_config.yml:2:12: error: languages must contain zh",
        ),
        ("name: {zh: 甲, en: A}\nlanguages: [zh, fr]\n", "site_config.yml:2:17: error: "),
        ("name: {zh: 甲, en: A}\naddress: example.org\n", "site_config.yml:2:10: error: "),
        ('name: {zh: 甲, en: A}\naddress: "javascript:alert(1)"\n', "site_config.yml:2:10: error: "),
        ('name: {zh: 甲, en: A}\ncontact: "javascript:alert(1)"\n', "site_config.yml:2:10: error: "),
        ("name: {zh: 甲, en: A}\ndemonstration: maybe\n", "site_config.yml:2:16: error: "),
        ('name: {zh: "<script>alert(1)</script>", en: A}\n', "site_config.yml:1:12: error: "),
        ("name: 甲\n", "site_config.yml:1:7: error: "),
        ("[1, 2]\n", "site_config.yml:1:1: error: "),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_its_line(settings: str, said: str, tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    (project / "site_config.yml").write_text(settings, encoding="utf-8")

    found = format_problem_report(check_project(project))

    assert found.startswith(said)


def test_every_setting_is_explained_in_the_settings_file_of_this_repository() -> None:
    text = (ROOT / "site_config.yml").read_text("utf-8")
    keys = [*SiteConfig.model_fields, *Licence.model_fields, *Footer.model_fields]

    missing = [key for key in keys if f"{key}:" not in text]
    assert not missing, f"Explain in site_config.yml: {missing}"
    untitled = [name for name, field in SiteConfig.model_fields.items() if field.title is None]
    assert not untitled, f"Add a title in {relative_path(config)}: {untitled}"


def test_what_is_configured_is_shown_and_what_is_not_is_not(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    assert jixiao("build", "--project", str(project)).returncode == 0

    chinese = (project / "build/site/index.html").read_text("utf-8")
    english = (project / "build/site/en/index.html").read_text("utf-8")

    assert "主办单位：示例县财政局" in chinese
    assert "网站标识码：1234567890" in chinese
    assert "示ICP备12345678号" in chinese
    assert "示例县财政局" in english
    for absent in ("发布者", "数据许可", "报告差错", "公安", "示范站点"):
        assert absent not in chinese


def test_a_site_in_chinese_alone_has_no_other_language(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    (project / "site_config.yml").write_text("name: {zh: 甲}\nlanguages: [zh]\n", encoding="utf-8")
    for path in (project / "content/pages/en").iterdir():
        path.unlink()

    result = jixiao("build", "--project", str(project))

    assert result.returncode == 0, result.stdout + result.stderr
    assert not (project / "build/site/en").exists()
    assert not (project / "build/site/sitemap.xml").exists()
    assert "hreflang" not in (project / "build/site/index.html").read_text("utf-8")


def test_a_site_without_an_address_is_built_in_every_language_and_its_error_pages_lead_home(
    tmp_path: Path,
) -> None:
    project = copy_small_project(tmp_path / "project")
    (project / "site_config.yml").write_text("name: {zh: 甲, en: A}\n", encoding="utf-8")

    result = jixiao("build", "--project", str(project))

    assert result.returncode == 0, result.stdout + result.stderr
    english = (project / "build/site/en/404.html").read_text("utf-8")
    assert '<a class="site-name" href="/en/">' in english
    assert '<a href="/">回到首页</a>' in english
    assert 'data-indexes="/pagefind/en/"' in english
