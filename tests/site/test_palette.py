"""The contrast of text, reckoned from the style sheet, is what theme/README.md says and enough for AA."""

import re

from tests.conftest import ROOT

GROUNDS = ("paper", "sheet", "tint")
LEAST = 4.5
_ROW = re.compile(
    r"^\| `--(?P<colour>[a-z-]+)` [^|]*\| (?P<light>[0-9., ]+) \| (?P<dark>[0-9., ]+) \|$", re.MULTILINE
)


def palettes() -> dict[str, dict[str, str]]:
    """Read the colours of the light scheme and of the dark one, which stands twice."""
    sheet = (ROOT / "theme/engine/assets/site.css").read_text("utf-8")
    light, *dark = (
        dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root[^{]*\{([^}]*--paper[^}]*)\}", sheet)
    )
    assert len(dark) == 2
    assert dark[0] == dark[1]
    return {"light": light, "dark": dark[0]}


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_text_has_the_contrast_that_the_palette_says() -> None:
    rows = list(_ROW.finditer((ROOT / "theme/README.md").read_text("utf-8")))
    assert [row["colour"] for row in rows] == ["ink", "ink-soft", "link", "cinnabar"]
    for scheme, colours in palettes().items():
        for row in rows:
            reckoned = [contrast(colours[row["colour"]], colours[ground]) for ground in GROUNDS]
            assert min(reckoned) >= LEAST
            assert row[scheme] == ", ".join(f"{ratio:.1f}" for ratio in reckoned)
