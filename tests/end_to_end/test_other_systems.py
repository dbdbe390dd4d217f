"""The commands of an editor where there is nothing that only Unix has, and on a terminal of GBK or ASCII."""

import json
import os
import re
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.conftest import ROOT
from tests.support.form_documents import build_word_form, build_workbook_form
from tests.support.sample_projects import CLINIC_PATH, EXAMPLES, copy_small_project

FORM = EXAMPLES / "import/county"
OTHER_SYSTEM = os.pathsep.join(map(str, (ROOT / "tests/other_system", ROOT)))
MANY = (sys.executable, "-m", "tests.support.run_many_commands")


def _environment(**variables: str) -> dict[str, str]:
    return {**os.environ, "JIXIAO_LANGUAGE": "en", "COLUMNS": "200", "NO_COLOR": "1", **variables}


OF_OTHER_SYSTEM = _environment(PYTHONPATH=OTHER_SYSTEM, PYTHONWARNDEFAULTENCODING="1", PYTHONUNBUFFERED="1")


def _run(commands: Sequence[Sequence[str]], environment: dict[str, str]) -> list[tuple[str, bytes]]:
    """Run *commands* in one process; return the exit code and output of each."""
    ran = subprocess.run(
        [*MANY, json.dumps(commands)], check=False, capture_output=True, cwd=ROOT, env=environment
    )
    said = [part.partition(b"\n")[2].rpartition(b"\x08") for part in ran.stdout.split(b"\a")[1:]]
    assert len(said) == len(commands), ran.stdout.decode("utf-8", "replace") + ran.stderr.decode()
    return [(code.decode().strip(), text) for text, _, code in said]


def _pdf(stream: bytes) -> bytes:
    """Make a PDF of one page that draws *stream*."""
    packed = zlib.compress(stream, 1)
    head = b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
    return b"".join(
        (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
            b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R",
            b"/Resources<</Font<</F 5 0 R>>>>>>endobj\n",
            *(head, packed, b"\nendstream endobj\n"),
            b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n",
        )
    )


def test_an_editor_can_do_everything_on_a_system_that_is_not_unix(tmp_path: Path) -> None:
    project, site, out = copy_small_project(tmp_path / "某县 project"), tmp_path / "site", tmp_path / "out"
    text = (FORM / "form.txt").read_text("utf-8")
    forms = {
        "form.txt": text.encode(),
        "form.docx": build_word_form(text),
        "form.xlsx": build_workbook_form(text),
    }
    forms["hello.pdf"] = _pdf(b"BT /F 12 Tf 50 700 Td (Hello, this is no form.) Tj ET")
    # Unpacked it has three hundred megabytes, and nothing here but who watches it limits a reader.
    forms["huge.pdf"] = _pdf(b"0 0 m\n" * 50_000_000)
    for name, content in forms.items():
        (tmp_path / name).write_bytes(content)
    here, there = ("--project", str(project)), ("--project", str(site))
    declared = ("--year", "2021", "--department", "finance", "--edition", "2015", "--unit", "finance")
    imports = [("import", str(tmp_path / name), "--to", str(out / name), *here) for name in forms]

    told = _run(
        [
            *(("help",), ("version",), ("init", str(site), "--yes")),
            ("new", *declared, "--nature", "一次性项目", "--name", "甲", "--id", "x", *there),
            *imports,
            *(("explain", "unclosed-bracket", *here), ("fmt", *here), ("translate", "update", *here)),
            *(("check", *here), ("build", *here), ("build", *here), ("verify", *here)),
            ("archive", str(tmp_path / "site.zip"), *here),
        ],
        OF_OTHER_SYSTEM,
    )

    codes = [code for code, _ in told]
    words = [said.decode() for _, said in told]
    # What the county's form leaves open is told, so that its imports end with 1.
    assert codes == [*"0000", *"11111", *"000", *"0000", "0"], words
    assert "[pdf-limits]" not in words[7]
    assert "[pdf-limits]" in words[8]
    read = [(out / name / "project-1.yml").read_text("utf-8") for name in list(forms)[:3]]
    assert len({text.partition("\nsource:")[0] for text in read}) == 1
    page = (project / "build/site/2021/health/clinic/index.html").read_bytes()
    assert ">=120次".replace(">", "&gt;").encode() in page
    assert b"\r" not in page


def _keep_saving(file: Path, process: subprocess.Popen[str]) -> None:
    """Save another target every second: the program does not report when it begins to watch."""
    text = file.read_text("utf-8")
    for number in range(121, 200):
        if process.poll() is not None:
            return
        file.write_text(text.replace(">=120次", f">={number}次"), encoding="utf-8")
        time.sleep(1)


def test_serve_follows_a_saved_file_on_a_system_that_is_not_unix(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    command = [sys.executable, "-m", "jixiao", "serve", "--port", "0", "--project", str(project)]
    with subprocess.Popen(
        command, cwd=ROOT, env=OF_OTHER_SYSTEM, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        ending = threading.Timer(120, process.kill)
        ending.start()
        try:
            assert process.stdout is not None
            address = next(filter(None, (re.search(r"http://\S+/", line) for line in process.stdout)))
            threading.Thread(target=_keep_saving, args=(project / CLINIC_PATH, process), daemon=True).start()
            assert any("The website is built" in line for line in process.stdout)
            with urlopen(f"{address[0]}2021/health/clinic/") as page:
                assert "&gt;=120次" not in page.read().decode()
        finally:
            ending.cancel()
            process.kill()


def test_who_can_be_shown_no_chinese_and_asked_for_none_is_spoken_to_in_english(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    terminal = {"PYTHONIOENCODING": "ascii", "LANG": "zh_CN.UTF-8"}
    environment = _environment(**terminal)
    del environment["JIXIAO_LANGUAGE"]

    assert _run([("check", "--project", str(project))], environment) == [
        ("0", b"Declarations: 1. No problems found.\n")
    ]


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_terminal_cannot_show_is_replaced(encoding: str, language: str, tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    file = project / CLINIC_PATH
    file.write_text(file.read_text("utf-8").replace("nature: 一次性项目", "nature: 𠮷 Ťé"), encoding="utf-8")
    here = ("--project", str(project))
    terminal = {"PYTHONIOENCODING": encoding, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    told = _run(
        [("--help",), ("check", *here), ("check", "--format", "json", *here)],
        _environment(JIXIAO_LANGUAGE=language, **terminal),
    )

    assert [code for code, _ in told] == ["0", "1", "1"]
    assert "?" in told[1][1].decode(encoding)
    # A program reads UTF-8, wherever it runs.
    assert "𠮷 Ťé" in json.loads(told[2][1])[0]["message"]
