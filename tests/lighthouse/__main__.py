"""Ask Lighthouse about pages of the built site, as a phone sees them, and print its four scores of each.

    python -m tests.lighthouse [ADDRESS ...]

Lighthouse comes from npm, locked by `package-lock.json`, into `tests/lighthouse/node_modules/`; it needs node
18 and Chromium. The server compresses text, as web servers are set up to. Each page is measured three times,
and the median of each score counts: how fast a page is depends on what else the machine does. The code is 1
where a score is below the goal.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.conftest import CHROMIUM, ROOT, serve

HERE = Path(__file__).parent
PROGRAM = HERE / "node_modules/lighthouse/cli/index.js"
PAGES = (
    "",
    "2021/shanghai-hrss/vocational-training-capacity/",
    "search/?q=训练营",
    "en/",
    "en/2021/shanghai-hrss/vocational-training-capacity/",
    "en/search/?q=training",
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
GOAL = 95
ROUNDS = 3
FLAGS = "--headless --no-sandbox --disable-gpu"


def scores_of(address: str) -> dict[str, int]:
    """Measure a page once; give its scores out of a hundred."""
    command = ["node", str(PROGRAM), address, "--output=json", "--quiet", f"--chrome-flags={FLAGS}"]
    command.append(f"--only-categories={','.join(CATEGORIES)}")
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(
            command,
            check=True,
            capture_output=True,
            text=True,
            cwd=folder,
            env={**os.environ, "CHROME_PATH": CHROMIUM},
        )
    categories = json.loads(ran.stdout)["categories"]
    return {name: round(100 * categories[name]["score"]) for name in CATEGORIES}


def measured(pages: tuple[str, ...], site: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """Measure every page of *site* in rounds; give each with the medians of its scores."""
    with contextmanager(serve)(site, compresses=True) as address:
        for page in pages:
            rounds = [scores_of(f"{address}{page}") for _ in range(ROUNDS)]
            yield page, {name: median(one[name] for one in rounds) for name in CATEGORIES}


def main() -> None:
    """Print a table."""
    if not (shutil.which("node") and shutil.which("npm") and CHROMIUM):
        sys.exit("Lighthouse needs node, npm and Chromium. On Debian: apt-get install nodejs npm chromium")
    if not PROGRAM.exists():
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], check=True, cwd=HERE)
    site = ROOT / "build/site"
    print("page", *CATEGORIES, sep="\t")  # noqa: T201
    worst = float(100)
    for page, scores in measured(tuple(sys.argv[1:]) or PAGES, site):
        print(page or "(home)", *(f"{scores[name]:g}" for name in CATEGORIES), sep="\t", flush=True)  # noqa: T201
        worst = min(worst, *scores.values())
    sys.exit(int(worst < GOAL))


main()
