"""Permanent addresses: what was published once is found for ever."""

import re
from pathlib import Path

import pytest

from jixiao.verify import verify
from tests.conftest import jixiao
from tests.support.sample_projects import (
    CLINIC_PATH,
    check_project,
    copy_small_project,
    format_problem_report,
)

REGISTER = "content/addresses.yml"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of one declaration whose register the test may change."""
    return copy_small_project(tmp_path / "project")


def _register(project: Path, text: str) -> None:
    (project / REGISTER).write_text(text, encoding="utf-8")


def _rename(project: Path, name: str) -> None:
    (project / CLINIC_PATH).rename((project / CLINIC_PATH).with_name(f"{name}.yml"))


HERE = "published:\n  - 2021/health/clinic\n"
REFUSED = {
    "published: []\n": """\
content/addresses.yml:1:1: error: the new address is not registered yet: 2021/health/clinic [address-not-registered]
    hint: Add this line under published in content/addresses.yml: - 2021/health/clinic
content/addresses.yml:1:1: 错误: 新的网址还没有登记：2021/health/clinic [address-not-registered]
    建议: 请在 content/addresses.yml 的 published 下加一行：- 2021/health/clinic
""",  # noqa: E501
    "renamed: {}\npublished: []\n": """\
content/addresses.yml:2:1: error: the new address is not registered yet: 2021/health/clinic [address-not-registered]
    hint: Add this line under published in content/addresses.yml: - 2021/health/clinic
content/addresses.yml:2:1: 错误: 新的网址还没有登记：2021/health/clinic [address-not-registered]
    建议: 请在 content/addresses.yml 的 published 下加一行：- 2021/health/clinic
""",  # noqa: E501
    f"{HERE}  - 2021/health/former\n": """\
content/addresses.yml:3:5: error: a declaration that was published is gone: 2021/health/former [address-lost]
    hint: Restore the file; if it was renamed, enter it under renamed; if it was withdrawn, under withdrawn with the reason
content/addresses.yml:3:5: 错误: 发布过的申报表不见了：2021/health/former [address-lost]
    建议: 请恢复文件；改了名的写进 renamed，撤下的写进 withdrawn 并说明理由
""",  # noqa: E501
    f"{HERE}renamed:\n  2021/health/former: 2021/health/nowhere\n": """\
content/addresses.yml:4:23: error: there is no declaration at the new address: 2021/health/nowhere [address-leads-nowhere]
    hint: Check the new address
content/addresses.yml:4:23: 错误: 新网址没有申报表：2021/health/nowhere [address-leads-nowhere]
    建议: 请核对新网址
""",  # noqa: E501
    f"{HERE}withdrawn:\n  2021/health/clinic: 重复\n": """\
content/addresses.yml:4:23: error: there still is a declaration at this address: 2021/health/clinic [address-taken]
    hint: Delete this line, or that declaration
content/addresses.yml:4:23: 错误: 这个网址还有申报表：2021/health/clinic [address-taken]
    建议: 请删除这一行，或删除那份申报表
""",  # noqa: E501
    f"{HERE}renamed:\n  2021/health/clinic: 2021/health/clinic\n": """\
content/addresses.yml:4:23: error: there still is a declaration at this address: 2021/health/clinic [address-taken]
    hint: Delete this line, or that declaration
content/addresses.yml:4:23: 错误: 这个网址还有申报表：2021/health/clinic [address-taken]
    建议: 请删除这一行，或删除那份申报表
""",  # noqa: E501
    f"{HERE}renamed:\n  2021/health/old: 2021/health/clinic\nwithdrawn:\n  2021/health/old: 重复\n": """\
content/addresses.yml:6:20: error: this address stands under renamed and under withdrawn: 2021/health/old [address-taken]
    hint: Keep it under renamed if the declaration has a new address, under withdrawn if it was taken back
content/addresses.yml:6:20: 错误: 这个网址同时写在 renamed 和 withdrawn 下：2021/health/old [address-taken]
    建议: 改了名的留在 renamed，撤下的留在 withdrawn
""",  # noqa: E501
}


@pytest.mark.parametrize("register", REFUSED)
def test_a_register_that_contradicts_the_content_or_itself_is_refused_with_what_to_do(
    register: str, small: Path
) -> None:
    _register(small, register)

    assert format_problem_report(check_project(small)) == REFUSED[register]


@pytest.mark.parametrize(
    ("register", "rule"),
    [
        ("withdrawn:\n  2021/health/former:\n", "empty-value"),
        ("renamed:\n  ../../etc/passwd: 2021/health/clinic\n", "address-format"),
        ("renamed:\n  2021/health/former: https://example.org/\n", "address-format"),
    ],
)
def test_a_register_that_cannot_be_read_is_refused(register: str, rule: str, small: Path) -> None:
    _register(small, f"published:\n  - 2021/health/clinic\n{register}")

    assert [problem.rule for problem in check_project(small)] == [rule]


def test_a_renamed_declaration_leads_on_and_a_withdrawn_one_says_why(small: Path) -> None:
    _rename(small, "clinic-rounds")
    _register(
        small,
        "published:\n  - 2021/health/clinic\n  - 2021/health/clinic-rounds\n  - 2020/health/old\n"
        "renamed:\n  2021/health/clinic: 2021/health/clinic-rounds\n"
        "withdrawn:\n  2020/health/old: 与另一份申报表重复，2022年3月撤下。\n",
    )

    result = jixiao("build", "--project", str(small))

    assert result.returncode == 0, result.stdout + result.stderr
    site = small / "build/site"
    for language in ("", "en/"):
        former = (site / f"{language}2021/health/clinic/index.html").read_text("utf-8")
        assert re.findall(r'http-equiv="refresh" content="([^"]*)"', former) == ["0; url=../clinic-rounds/"]
        assert 'href="../clinic-rounds/"' in former
        withdrawn = (site / f"{language}2020/health/old/index.html").read_text("utf-8")
        assert "与另一份申报表重复，2022年3月撤下。" in withdrawn
        assert 'name="robots" content="noindex"' in withdrawn
    sitemap = (site / "sitemap.xml").read_text("utf-8")
    assert "clinic-rounds/" in sitemap
    assert "health/clinic/" not in sitemap
    assert "2020" not in sitemap
    _assert_verify_sees(
        site,
        {
            "2021/health/clinic/index.html": ("../clinic-rounds/", "../../"),
            "en/2021/health/clinic/index.html": ("2021/health/clinic-rounds<", "2021/health/clinic<"),
            "2020/health/old/index.html": ("2022年3月", "2023年3月"),
            "en/2020/health/old/index.html": ("2020/health/old)", "2019/health/old)"),
        },
    )


def _assert_verify_sees(site: Path, changes: dict[str, tuple[str, str]]) -> None:
    """Change one page after another, and look whether its content alone tells."""
    project = site.parent.parent
    (site / "data/manifest.json").unlink()
    assert verify(project, site) == ()
    for file, (there, instead) in changes.items():
        page = (site / file).read_text("utf-8")
        assert there in page, file
        (site / file).write_text(page.replace(there, instead), encoding="utf-8")
        assert {finding.file for finding in verify(project, site)} == {file}
        (site / file).write_text(page, encoding="utf-8")
