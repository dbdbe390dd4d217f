"""JSON-LD: what search engines read of a declaration and of the data, in files and in pages."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import jixiao
from tests.support.independent_readers import DECLARATIONS, DEPARTMENT_YEAR, read_declaration
from tests.support.sample_projects import CLINIC_PATH, copy_small_project


def test_json_ld_says_what_was_filed(site: Path) -> None:
    said = json.loads((site / DEPARTMENT_YEAR / DECLARATIONS[0] / "data.jsonld").read_text("utf-8"))
    assert said["@type"] == "Project"
    assert said["url"] == f"https://jixiao.example/{DEPARTMENT_YEAR}/{DECLARATIONS[0]}/"
    assert said["name"] == read_declaration(DECLARATIONS[0]).at("name").required_text()
    amount = {"@type": "MonetaryAmount", "currency": "CNY", "value": "151100000"}
    assert said["funding"]["amount"] == amount
    dataset = json.loads((site / "data/dataset.jsonld").read_text("utf-8"))
    assert dataset["@type"] == "Dataset"
    ways = [one["contentUrl"].removeprefix("https://jixiao.example/") for one in dataset["distribution"]]
    assert [way for way in ways if not (site / way).is_file()] == []
    assert len(ways) == 11


def _read_jsonld(page: Path) -> object:
    """Read the JSON-LD that stands in a page."""
    (text,) = re.findall(r'<script type="application/ld\+json">([^<]*)</script>', page.read_text("utf-8"))
    return json.loads(text)


@pytest.mark.parametrize("prefix", ["", "en/"])
def test_json_ld_stands_in_the_page_that_it_describes(site: Path, prefix: str) -> None:
    for name in DECLARATIONS:
        page = f"{DEPARTMENT_YEAR}/{name}"
        assert _read_jsonld(site / prefix / page / "index.html") == json.loads(
            (site / page / "data.jsonld").read_text("utf-8")
        )
    dataset = json.loads((site / "data/dataset.jsonld").read_text("utf-8"))
    assert _read_jsonld(site / prefix / "data/index.html") == dataset
    others = (path for path in site.rglob("*.html") if b"ld+json" in path.read_bytes())
    assert len(list(others)) == (len(DECLARATIONS) + 1) * 2


def test_no_sign_of_a_text_ends_the_json_ld_in_its_page(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    with (project / "site_config.yml").open("a", encoding="utf-8") as settings:
        settings.write("downloads: true\n")
    file = project / CLINIC_PATH
    name = '甲 5<10 & 8>7 --> "乙" &lt;'
    lines = file.read_text("utf-8").splitlines()
    lines = [f"name: {json.dumps(name)}" if line.startswith("name: ") else line for line in lines]
    file.write_text("\n".join(lines) + "\n", "utf-8")

    assert jixiao("build", "--project", str(project)).returncode == 0

    page = project / "build/site" / CLINIC_PATH.removeprefix("content/declarations/").removesuffix(".yml")
    said = _read_jsonld(page / "index.html")
    assert isinstance(said, dict)
    assert said["name"] == name


def test_verify_finds_json_ld_in_a_page_that_says_something_else(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "built")
    site = tmp_path / "built/build/site"
    (site / "data/manifest.json").unlink()
    pages = {f"{DEPARTMENT_YEAR}/{name}/index.html": name for name in DECLARATIONS} | {"data/index.html": ""}
    changes = (
        ('"value":"151100000"', '"value":"151100001"'),
        ('"description":"', '"description":"<!-- 不 -->'),
        ("application/ld+json", "application/json"),
        ('"Dataset"', '"Person"'),
    )
    for page, (old, new) in zip(pages, changes, strict=True):
        text = (site / page).read_text("utf-8")
        assert old in text
        (site / page).write_text(text.replace(old, new, 1), "utf-8")

    said = jixiao("verify", "--project", str(tmp_path / "built"))

    assert said.returncode == 1
    assert set(pages) == {
        place for line in said.stdout.splitlines() if (place := line.split(": ", 1)[0]).endswith("html")
    }
