"""Papers follow the fonts of the machine: a font more gives the papers that a build from nothing would."""

import struct
from pathlib import Path

import pytest
import typst

from tests.conftest import jixiao
from tests.support.sample_projects import CLINIC_PATH, copy_small_project

RARE = "\U0001e2c1"
"""A letter of a script that hardly any machine has a font for."""


def _font_with_the_rare_letter() -> bytes:
    """Take a font of the machine, and let the rare letter have a shape of it."""
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False).fonts()
    font = next(one for one in fonts if one.family == "Noto Serif CJK SC" and one.weight == 400)
    content = bytearray(Path(font.path or "").read_bytes())
    (head,) = struct.unpack_from(">I", content, 12 + 4 * font.index)
    (tables,) = struct.unpack_from(">H", content, head + 4)
    entries = (struct.unpack_from(">4sIII", content, head + 12 + 16 * number) for number in range(tables))
    map_ = next(offset for tag, _, offset, _ in entries if tag == b"cmap")
    (count,) = struct.unpack_from(">H", content, map_ + 2)
    parts = [struct.unpack_from(">HHI", content, map_ + 4 + 8 * number)[2] + map_ for number in range(count)]
    groups = next(part for part in parts if struct.unpack_from(">H", content, part) == (12,)) + 16
    (number,) = struct.unpack_from(">I", content, groups - 4)
    before = max(
        place
        for place in range(groups, groups + 12 * number, 12)
        if struct.unpack_from(">I", content, place)[0] < ord(RARE)
    )
    struct.pack_into(">II", content, before, ord(RARE), ord(RARE))
    return bytes(content)


def _papers(project: Path) -> dict[str, bytes]:
    assert (said := jixiao("build", "--project", str(project))).returncode == 0, said.stdout + said.stderr
    site = project / "build/site"
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in sorted(site.rglob("*.pdf"))}


def test_a_font_that_is_installed_later_is_used_by_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = copy_small_project(tmp_path / "project")
    settings, clinic = project / "site_config.yml", project / CLINIC_PATH
    settings.write_text(f"{settings.read_text('utf-8')}\nlanguages: [zh]\npacks: true\n", "utf-8")
    (project / "content/pages/en").rename(tmp_path / "en")
    clinic.write_text(clinic.read_text("utf-8").replace("每个村", f"每个{RARE}村", 1), "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    before = _papers(project)
    assert before == _papers(project)

    fonts = tmp_path / "home/.local/share/fonts"
    fonts.mkdir(parents=True)
    (fonts / "rare.ttc").write_bytes(_font_with_the_rare_letter())
    after = _papers(project)
    (project / "build").rename(tmp_path / "former")
    assert after == _papers(project)
    assert [path for path in before if before[path] == after[path]] == []
