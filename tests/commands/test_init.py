"""A second site: `jixiao init`, from a checkout and from nothing but the built wheel."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from jixiao import __version__
from tests.conftest import ROOT, jixiao
from tests.support.sample_projects import SMALL_SITE

FILES = [
    ".gitattributes",
    ".gitea/workflows/site.yml",
    ".github/workflows/site.yml",
    ".gitignore",
    ".gitlab-ci.yml",
    "README.md",
    "content/addresses.yml",
    "content/organisations.yml",
    "content/pages/en/about.md",
    "content/pages/zh/about.md",
    "content/schema/declaration.schema.en.json",
    "content/schema/declaration.schema.json",
    "content/taxonomies/2015.yml",
    "content/taxonomies/2021.yml",
    "deploy/Caddyfile",
    "deploy/README.md",
    "deploy/gitlab.yml",
    "deploy/install.sh",
    "deploy/nginx-headers.conf",
    "deploy/nginx.conf",
    "deploy/ssh.sh",
    "mkdocs.yml",
    "requirements.txt",
    "site_config.yml",
]


def test_a_new_site_is_built_and_verifies(tmp_path: Path) -> None:
    folder = tmp_path / "某县 site"
    said = jixiao("init", str(folder), "--yes")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.splitlines() == [
        *(str(folder / file) for file in FILES),
        "Pipelines cannot install jixiao yet: say in requirements.txt where to install it from.",
        f"The new site is written. Next: jixiao build --project '{folder}'",
    ]
    # As a shell reads what was copied into it.
    _, _, *following = shlex.split(said.stdout.splitlines()[-1].partition("Next: ")[2])
    assert jixiao("build", *following).returncode == 0
    # As its own comment says.
    assert "a site without theme/engine, such as one that `jixiao init` begins" in (
        folder / "mkdocs.yml"
    ).read_text("utf-8")
    plain = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build"], check=False, cwd=folder, capture_output=True
    )
    assert b"theme" in plain.stderr
    assert plain.returncode == 1
    assert jixiao("verify", "--project", str(folder)).returncode == 0


def test_the_files_of_a_new_site_name_nothing_that_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    assert jixiao("init", str(folder), "--yes").returncode == 0
    options = ("--year", "2021", "--department", "finance", "--edition", "2015", "--unit", "finance")
    drafted = jixiao("new", *options, "--nature", "一次性项目", "--name", "甲", "--id", "x", cwd=folder)
    target = folder / "content/declarations/2021/finance"
    assert (target / "x.yml").is_file(), drafted.stdout + drafted.stderr
    named = re.search(r"\$schema=(\S+)", (target / "x.yml").read_text("utf-8"))
    assert named
    schema = target / named[1]
    assert schema.read_text("utf-8") == (ROOT / "content/schema/declaration.schema.json").read_text("utf-8")

    git = ("git", "-C", str(folder))
    subprocess.run([*git, "init", "-q"], check=True)
    for path in ("build/x", ".venv/x", "content/.DS_Store", "content/forms/~$x.xlsx", "content/a.yml~"):
        assert subprocess.run([*git, "check-ignore", "-q", path], check=False).returncode == 0, path
    asked = subprocess.run(
        [*git, "check-attr", "text", "content/forms/deep/x.txt"], check=True, capture_output=True, text=True
    )
    assert asked.stdout.endswith("text: unset\n")


def test_a_new_site_says_what_to_install_and_nothing_that_anybody_may_register(tmp_path: Path) -> None:
    plain, named, none = (tmp_path / name for name in ("plain", "named", "none"))
    address = "git+https://example.org/jixiao.git@v1"
    assert jixiao("init", str(plain), "--yes").returncode == 0
    assert jixiao("init", str(named), "--yes", "--from", address).returncode == 0
    refused = jixiao("init", str(none), "--yes", "--from", "jixiao==9")
    installed = subprocess.run(
        ["sh", "deploy/install.sh"], check=False, capture_output=True, text=True, encoding="utf-8", cwd=plain
    )

    # What is no comment is installed by a pipeline.
    assert not re.search(r"^[^#\n]", (plain / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    assert (installed.returncode, (plain / ".venv").exists()) == (1, False)
    assert "it does not say where to install jixiao from" in installed.stderr
    assert (named / "requirements.txt").read_text("utf-8").splitlines()[1] == f"jixiao @ {address}"
    assert (refused.returncode, none.exists()) == (1, False)
    assert "“jixiao==9” cannot be installed" in refused.stderr


@pytest.mark.parametrize(
    "origin",
    [
        "https://example.org/",
        "https://example.org/jixiao",
        "https://user:secret@example.org/jixiao-0.1.0-py3-none-any.whl",
        "git+https://token@example.org/jixiao.git",
        "git+https://",
        "nowhere/jixiao-0.1.0-py3-none-any.whl",
    ],
)
def test_what_cannot_be_installed_or_holds_a_password_is_no_origin_of_a_site(
    origin: str, tmp_path: Path
) -> None:
    refused = jixiao("init", str(tmp_path / "site"), "--yes", "--from", origin)

    assert (refused.returncode, (tmp_path / "site").exists()) == (1, False)
    assert "secret" not in refused.stdout


@pytest.mark.parametrize(
    ("noted", "line"),
    [
        ({}, None),
        ([], None),
        (
            {
                "url": "https://example.org/jixiao-0.1.0-py3-none-any.whl",
                "archive_info": {"hashes": {"sha256": "ab"}},
            },
            "jixiao @ https://example.org/jixiao-0.1.0-py3-none-any.whl#sha256=ab",
        ),
        (
            {
                "url": "https://me:secret@example.org/tools.git",
                "vcs_info": {"vcs": "git", "commit_id": "c0ffee"},
                "subdirectory": "jixiao",
            },
            "jixiao @ git+https://example.org/tools.git@c0ffee#subdirectory=jixiao",
        ),
        (
            {"url": "ssh://git@example.org/j.git", "vcs_info": {"commit_id": "c0ffee"}},
            "jixiao @ git+ssh://git@example.org/j.git@c0ffee",
        ),
    ],
)
def test_a_new_site_is_told_what_pip_has_noted_of_this_program(
    noted: object, line: str | None, tmp_path: Path
) -> None:
    about = tmp_path / "jixiao-0.1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: jixiao\nVersion: 0.1.0\n", encoding="utf-8")
    (about / "direct_url.json").write_text(json.dumps(noted), encoding="utf-8")
    # First on the path, so that what it notes is found before what this installation notes.
    paths = f"{tmp_path}{os.pathsep}{ROOT / 'generator'}"
    command = [sys.executable, "-m", "jixiao", "init", str(tmp_path / "site"), "--yes"]
    ran = subprocess.run(
        command, check=False, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True
    )

    assert ran.returncode == 0, ran.stderr
    written = (tmp_path / "site/requirements.txt").read_text("utf-8").splitlines()
    assert [one for one in written if not one.startswith("#")] == ([line] if line else [])


def test_a_new_site_takes_its_first_declaration(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    assert jixiao("init", str(folder), "--yes", "--department", "health").returncode == 0
    for name in ("content/declarations", "content/forms", "content/organisations.yml"):
        place = folder / name
        shutil.rmtree(place) if place.is_dir() else place.unlink()
        copy = shutil.copytree if (SMALL_SITE / name).is_dir() else shutil.copy
        copy(SMALL_SITE / name, place)
    asked = jixiao("check", "--project", str(folder)).stdout
    line = re.search(r"Add this line under published in content/addresses.yml: (.+)", asked)
    assert line, asked
    with (folder / "content/addresses.yml").open("a", encoding="utf-8") as register:
        register.write(f"{line[1]}\n")
    said = jixiao("build", "--project", str(folder))
    assert said.returncode == 0, said.stdout
    assert (folder / "build/site/2021/health/clinic/index.html").is_file()


def test_what_is_asked_is_answered(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    answers = "某县绩效公开\nSome County\nmoney\n某县财政局\n\n\n"
    said = subprocess.run(
        [sys.executable, "-m", "jixiao", "init", str(folder)],
        input=answers,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        env={**os.environ, "JIXIAO_LANGUAGE": "en"},
    )
    assert said.returncode == 0, said.stderr
    settings = yaml.safe_load((folder / "site_config.yml").read_text("utf-8"))
    assert settings["name"] == {"zh": "某县绩效公开", "en": "Some County"}
    organisations = yaml.safe_load((folder / "content/organisations.yml").read_text("utf-8"))
    assert organisations == {"money": {"name": "某县财政局", "kind": "department"}}
    assert "address" not in settings


@pytest.mark.parametrize("name", ['a: # "b" {c}', "甲\\n乙", "$address ${name_en}", "'", "- x"])
def test_a_name_stays_as_it_was_typed(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "site"
    options = ("--yes", "--name-zh", name, "--department-name", name, "--address", "https://example.org/x/")
    assert jixiao("init", str(folder), *options).returncode == 0
    settings = yaml.safe_load((folder / "site_config.yml").read_text("utf-8"))
    assert settings["name"]["zh"] == name
    assert settings["address"] == "https://example.org/x/"
    organisations = yaml.safe_load((folder / "content/organisations.yml").read_text("utf-8"))
    assert organisations["finance"]["name"] == name


def test_a_site_in_chinese_alone(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    assert jixiao("init", str(folder), "--yes", "--languages", "zh").returncode == 0
    assert yaml.safe_load((folder / "site_config.yml").read_text("utf-8"))["languages"] == ["zh"]
    assert not (folder / "content/pages/en").exists()
    assert jixiao("build", "--project", str(folder)).returncode == 0
    assert not (folder / "build/site/en").exists()


@pytest.mark.parametrize("languages", ["en", "zh,xx", "", "zh en"])
def test_languages_that_there_are_not_are_refused(tmp_path: Path, languages: str) -> None:
    said = jixiao("init", str(tmp_path / "site"), "--yes", "--languages", languages)
    assert (said.returncode, said.stderr.strip()) == (
        1,
        f"the languages “{languages}” will not do: zh must be among them, and there are zh, en",
    )
    assert not (tmp_path / "site").exists()


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    said = jixiao("init", str(tmp_path), "--yes")
    assert (said.returncode, said.stderr.strip()) == (
        1,
        f"something is there already and was left alone: {tmp_path}",
    )
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_an_id_that_cannot_be_one_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    said = jixiao("init", str(tmp_path / "site"), "--yes", "--department", "../x", language="zh")
    assert (said.returncode, said.stderr.strip()) == (
        1,
        "编号“../x”不合规定：只用小写英文字母、数字和连字符",
    )
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("asked", [True, False])
def test_an_address_that_is_none_is_refused_before_anything_is_written(asked: bool, tmp_path: Path) -> None:  # noqa: FBT001
    folder = tmp_path / "site"
    command = [sys.executable, "-m", "jixiao", "init", str(folder)]
    options = ["--name-zh", "某县", "--name-en", "X", "--department", "x", "--department-name", "某局"]
    given = [] if asked else ["--address", "ftp://x"]
    said = subprocess.run(
        [*command, *options, *given, "--languages", "zh"],
        check=False,
        input="ftp://x\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "JIXIAO_LANGUAGE": "zh"},
    )
    assert said.returncode == 1
    assert said.stderr.removeprefix("公开网址（还没有就不填）: ").splitlines() == [
        "网址写法不对：ftp://x",
        "    | 请写完整的网址，例如 https://example.gov.cn/jixiao/",
    ]
    assert not folder.exists()


def _build_distribution(kind: str, source: Path, folder: Path) -> Path:
    """Build a wheel or an archive of the source, without the network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(command, check=True, cwd=source, capture_output=True)
    return next(folder.glob("jixiao-*"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel."""
    return _build_distribution("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


def test_a_release_is_the_same_bytes_each_time_and_made_of_its_source(wheel: Path, tmp_path: Path) -> None:
    first, second = (_build_distribution("sdist", ROOT, tmp_path / name) for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
    assert first.name == f"jixiao-{__version__}.tar.gz"
    with tarfile.open(first) as packed:
        packed.extractall(tmp_path / "source", filter="data")
    source = tmp_path / "source" / f"jixiao-{__version__}"
    assert sorted(file.name for file in source.iterdir()) == [
        *(".gitea", ".github", ".gitignore", "CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md"),
        *("README.zh.md", "content", "deploy", "generator", "mkdocs.yml", "pyproject.toml", "theme"),
    ]
    assert _build_distribution("wheel", source, tmp_path / "again").read_bytes() == wheel.read_bytes()


def test_the_changelog_knows_the_version() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    # What is not released yet stands first; a version that was carries its date.
    assert headings[0] == "Unreleased" or headings[0].startswith(f"{__version__} - 20")
    assert all(
        re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+ - 20[0-9]{2}-[0-9]{2}-[0-9]{2}", one) for one in headings[1:]
    )


def test_the_wheel_alone_begins_and_builds_a_site_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    with ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "installed")  # noqa: S202 - our own wheel
    empty = tmp_path / "empty"
    empty.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "JIXIAO_LANGUAGE": "en"}

    def ran(*arguments: str) -> str:
        command = [sys.executable, "-c", "import jixiao.__main__ as m; print(m.__file__); m.main()"]
        said = subprocess.run(
            [*command, *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            cwd=empty,
            env=environment,
        )
        assert said.returncode == 0, said.stdout + said.stderr
        assert said.stdout.startswith(str(tmp_path / "installed"))
        return said.stdout

    ran("init", "demo", "--yes", "--from", str(wheel))
    pip = (sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", "../again")
    subprocess.run([*pip, "-r", "requirements.txt"], check=True, cwd=empty / "demo")
    assert (empty / "again/jixiao/commands/init.py").is_file()
    assert "The website is built: demo/build/site" in ran("build", "--project", "demo")
    assert "The site agrees with the content." in ran("verify", "--project", "demo")
