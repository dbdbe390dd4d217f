"""The register of forms, `SHA256SUMS`, as the tools of every system write it."""

import hashlib
import time
from pathlib import Path

import pytest

from jixiao.i18n import load_interface_catalogue
from jixiao.load.received_forms import read_checksums
from jixiao.load.source_files import SourceText
from tests.support.sample_projects import check_project, copy_small_project

NAME = "某县 form.txt"
OTHER = "2021/other.txt"
TEXT = "县级项目\n目标\n".encode()
SUM = hashlib.sha256(TEXT).hexdigest()
OTHER_SUM = hashlib.sha256(b"x\n").hexdigest()
WRONG = "0" * 64
LINE = f"{SUM}  {NAME}"
SECOND = f"{OTHER_SUM}  {OTHER}"
PAIRS = " ".join(SUM[index : index + 2] for index in range(0, 64, 2))
ONLY = "Delete this line; each form has one line: 64 digits of the checksum, two blanks, the name of the file"
ONCE = "A form is registered once; keep the line of the day on which it was received and delete the other one"
GONE = (
    "Check the name, or restore the file from the original; "
    "delete the line of a form that is no longer published"
)
RATHER = f"Replace this line by: {LINE}"

TABLE = "\nAlgorithm       Hash              Path\n---------       ----              ----\n"

SOUND = {
    "sha256sum": f"{LINE}\n{SECOND}\n",
    "binary": f"{SUM} *{NAME}\n{OTHER_SUM} *{OTHER}\n",
    "upper case": f"{SUM.upper()}  {NAME}\n{SECOND}\n",
    "mark of UTF-8": f"\ufeff{LINE}\n{SECOND}\n",
    "lines of Windows": f"{LINE}\r\n{SECOND}\r\n",
    "no line break at the end": f"{LINE}\n{SECOND}",
    "find": f"{SUM}  ./{NAME}\n{OTHER_SUM} *./{OTHER}\n",
    "BSD": f"SHA256 ({NAME}) = {SUM}\nSHA256 ({OTHER}) = {OTHER_SUM.upper()}\n",
    "OpenSSL": f"SHA256({NAME})= {SUM}\nSHA2-256({OTHER})= {OTHER_SUM}\n",
    "comments and blank lines": f"# 2021\n\n{LINE}\n\n{SECOND}\n\n",
}
REFUSED = {
    "certutil": (
        f"SHA256 的 {NAME} 哈希:\n{SUM}\nCertUtil: -hashfile 命令成功完成。\n{SECOND}\n",
        ["1:1 checksum-line", ONLY, "2:1 checksum-line", RATHER],
    ),
    "certutil with pairs": (
        f"SHA256 hash of file {NAME}:\n{PAIRS}\nCertUtil: completed successfully.\n{SECOND}",
        ["1:1 checksum-line", ONLY, "2:1 checksum-line", RATHER],
    ),
    "certutil of another state of the file": (
        f"SHA256 的 {NAME} 哈希:\n{WRONG}\nCertUtil: ok\n{SECOND}\n",
        ["1:1 checksum-line", ONLY, "2:1 checksum-line", f"Replace this line by: {WRONG}  {NAME}"],
    ),
    "PowerShell": (
        f"{TABLE}SHA256          {SUM.upper()}   C:\\site\\content\\forms\\{NAME}\n\n\n{SECOND}\n",
        ["2:1 checksum-line", ONLY, "4:17 checksum-line", RATHER],
    ),
    "backslashes": (
        f"{LINE}\n{OTHER_SUM}  2021\\other.txt\n",
        ["2:67 checksum-line", f"Replace this line by: {SECOND}"],
    ),
    "from the folder above": (
        f"{SUM}  content/forms/{NAME}\n{SECOND}\n",
        ["1:67 checksum-line", RATHER],
    ),
    "one blank": (f"{SUM} {NAME}\n{SECOND}\n", ["1:1 checksum-line", RATHER]),
    "tab": (f"{SUM}\t{NAME}\n{SECOND}\n", ["1:1 checksum-line", RATHER]),
    "blank at the end": (f"{LINE} \n{SECOND}\n", ["1:67 checksum-line", RATHER]),
    "SHA-1": (
        f"{LINE}\n{SECOND}\n{'a' * 40}  {NAME}\n",
        ["3:1 checksum-line", ONLY],
    ),
    "garbage": (f"hello\n{LINE}\n<<x>>\n{SECOND}\n", ["1:1 checksum-line", ONLY, "3:1 checksum-line", ONLY]),
    "twice": (
        f"{LINE}\n{SECOND}\n{WRONG}  {NAME}\n",
        [
            "3:67 checksum-repeated",
            ONCE,
        ],
    ),
    "not there": (
        f"{LINE}\n{SECOND}\n{WRONG}  gone.pdf\n",
        [
            "3:67 checksum-without-form",
            GONE,
        ],
    ),
    "itself": (
        f"{LINE}\n{SECOND}\n{WRONG}  SHA256SUMS\n",
        ["3:67 checksum-without-form", "Only forms as received are registered here; delete this line"],
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two forms, none of them registered."""
    project = copy_small_project(tmp_path / "project")
    forms = project / "content/forms"
    (forms / "2021").mkdir()
    (forms / NAME).write_bytes(TEXT)
    (forms / OTHER).write_bytes(b"x\n")
    return project


def _register_problems(project: Path, register: str | bytes) -> list[str]:
    """Write a register of these lines and the sample site's own form; return its problems, as pairs."""
    file = project / "content/forms/SHA256SUMS"
    own = hashlib.sha256((project / "content/forms/example.txt").read_bytes()).hexdigest()
    if isinstance(register, str):
        lines = register.rstrip("\n")
        register = f"{lines}\n{own}  example.txt\n".encode()
    file.write_bytes(register)
    words = load_interface_catalogue("en")
    return [
        text
        for problem in check_project(project)
        for text in (
            f"{problem.place.line}:{problem.place.column} {problem.rule}",
            problem.hint.translate(words),
        )
    ]


@pytest.mark.parametrize("register", SOUND.values(), ids=SOUND)
def test_a_register_that_a_tool_has_written_is_read(register: str, project: Path) -> None:
    assert _register_problems(project, register) == []


@pytest.mark.parametrize(("register", "told"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_line_of_the_register_is_refused_with_the_line_that_is_meant(
    register: str, told: list[str], project: Path
) -> None:
    assert _register_problems(project, register) == told


def test_a_register_in_another_encoding_is_told_once(project: Path) -> None:
    whole = f"{LINE}\n{SECOND}\n"
    hint = "Use “Save as” in your editor and choose the encoding UTF-8"

    assert _register_problems(project, whole.encode("utf-16")) == ["1:1 not-utf-8", hint]
    assert _register_problems(project, whole.encode("gbk")) == ["1:68 not-utf-8", hint]


def test_a_file_that_is_something_else_is_not_told_line_by_line_for_ever(project: Path) -> None:
    told = _register_problems(project, "".join(f"{WRONG}  {number}.txt\n" for number in range(2000)))

    assert len(told) == 2 * 51
    assert {rule.partition(" ")[2] for rule in told[::2]} == {"checksum-without-form"}


def test_a_form_that_changed_and_one_that_is_not_registered_are_told(project: Path) -> None:
    restore = "Put back the file as it was received; a form received is never changed"
    assert _register_problems(project, f"{WRONG}  {NAME}\n") == [
        *("1:1 form-not-registered", f"Add this line to content/forms/SHA256SUMS: {SECOND}"),
        *("1:1 form-changed", restore),
    ]
    (project / "content/forms" / NAME).write_bytes(TEXT.replace(b"\n", b"\r\n"))
    rule, hint = _register_problems(project, f"{LINE}\n{SECOND}\n")
    assert rule == "1:1 form-changed"
    assert hint.startswith("Write content/forms/** -text into .gitattributes")


def test_a_name_that_macos_has_taken_apart_is_the_same_name(project: Path) -> None:
    (project / "content/forms/cafe\u0301.txt").write_bytes(b"x\n")

    assert _register_problems(project, f"{LINE}\n{SECOND}\n{OTHER_SUM}  café.txt\n") == []


def test_a_register_with_the_ending_that_notepad_adds_is_told(project: Path) -> None:
    (project / "content/forms/SHA256SUMS.txt").write_text(f"{LINE}\n", encoding="utf-8")

    assert _register_problems(project, f"{LINE}\n{SECOND}\n")[0] == "1:1 checksum-file-name"


def test_a_register_of_another_system_for_very_many_forms_takes_a_moment() -> None:
    forms = {f"2021/dept-{number}/form-{number}.docx": f"{number:064x}" for number in range(3000)}
    lines = [f"C:\\forms\\dept\\other-{number}.docx {number + 10**9:064X}" for number in range(3000)]
    lines += ["form-1.docx is described here" for _ in range(20_000)]

    for given in (lines, lines[::-1]):
        start = time.process_time()
        read = read_checksums(SourceText("content/forms/SHA256SUMS", "\n".join(given)), forms)
        assert len(read.problems) == 51
        # A pattern made for every form and line took a minute and a half.
        assert time.process_time() - start < 3
