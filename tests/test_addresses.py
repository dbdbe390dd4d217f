"""Permanent addresses: what was published once is found for ever."""

import re
from pathlib import Path

import pytest

from generator.verify import verify
from tests.conftest import jixiao
from tests.support import CLINIC, printed, problems_of, small_project

REGISTER = "content/addresses.yml"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of one declaration whose register the test may change."""
    return small_project(tmp_path / "project")


def _register(project: Path, text: str) -> None:
    (project / REGISTER).write_text(text, encoding="utf-8")


def _rename(project: Path, name: str) -> None:
    (project / CLINIC).rename((project / CLINIC).with_name(f"{name}.yml"))


def test_a_new_declaration_is_refused_until_its_address_is_registered_and_the_line_is_told(
    small: Path,
) -> None:
    _register(small, "published: []\n")

    assert printed(problems_of(small)).startswith(
        "content/addresses.yml:1:1: error: the new address is not registered yet: 2021/health/clinic "
        "[address-not-registered]\n"
        "    hint: Add this line under published in content/addresses.yml: - 2021/health/clinic\n"
    )


def test_losing_an_address_is_an_error_at_its_line(small: Path) -> None:
    _register(small, "published:\n  - 2021/health/clinic\n  - 2021/health/former\n")

    found = printed(problems_of(small))

    assert found.startswith(
        "content/addresses.yml:3:5: error: a declaration that was published is gone: 2021/health/former "
        "[address-lost]"
    )


@pytest.mark.parametrize(
    ("register", "rule"),
    [
        ("renamed:\n  2021/health/former: 2021/health/nowhere\n", "address-leads-nowhere"),
        ("renamed:\n  2021/health/clinic: 2021/health/clinic\n", "address-taken"),
        ("withdrawn:\n  2021/health/clinic: 重复\n", "address-taken"),
        ("withdrawn:\n  2021/health/former:\n", "empty-value"),
        ("renamed:\n  ../../etc/passwd: 2021/health/clinic\n", "address-format"),
        ("renamed:\n  2021/health/former: https://example.org/\n", "address-format"),
    ],
)
def test_a_register_that_contradicts_itself_is_refused(register: str, rule: str, small: Path) -> None:
    _register(small, f"published:\n  - 2021/health/clinic\n{register}")

    assert [problem.rule for problem in problems_of(small)] == [rule]


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
