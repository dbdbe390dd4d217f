"""How long an editor waits: a target is saved under `jixiao serve`, and the open browser shows it.

    python -m tests.benchmarks.saving 10000

The file is written as an editor program writes it; the clock stops when the page shows the new target. What
is printed is each time and their median, in seconds. Chromium must be there (`tests/install_browser.sh`).
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright
from rich.console import Console

from tests.benchmarks.corpus import make_project
from tests.benchmarks.likeness import identities_of
from tests.conftest import CHROMIUM, ROOT

CONSOLE = Console(soft_wrap=True, highlight=False)
SAVINGS = 5
_TARGET = re.compile(r'(?<=\n        target: ")[^"\n]*(?="\n)')


def main() -> None:
    """Measure in a project of as many declarations as the command line says."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="jixiao-saving-") as folder:
        project = make_project(Path(folder) / "project", size, languages=("zh",))
        with _serving(project) as address:
            seconds = [*_savings(project, address)]
    each = ", ".join(f"{one:.2f}" for one in seconds)
    CONSOLE.print(f"{size:,} declarations, saved until seen, seconds: {each}")
    CONSOLE.print(f"median: {statistics.median(seconds):.2f}")


def _savings(project: Path, address: str) -> Iterator[float]:
    """Save a target of the declaration in the middle of the corpus again and again."""
    identities = identities_of(project)
    identity = identities[len(identities) // 2]
    file = project / f"content/declarations/{identity}.yml"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{address}{identity}/")
        for number in range(SAVINGS + 1):
            target = f"第{number}次保存"
            text = _TARGET.sub(target, file.read_text("utf-8"), count=1)
            begun = time.perf_counter()
            file.write_text(text, "utf-8")
            page.get_by_text(target, exact=True).first.wait_for(timeout=60_000)
            # The first saving finds templates and rules that nobody has used yet.
            if number:
                yield time.perf_counter() - begun
        browser.close()


@contextmanager
def _serving(project: Path) -> Iterator[str]:
    """Run `jixiao serve` while the block runs; give the address that it prints once the site is built."""
    command = [sys.executable, "-m", "jixiao", "serve", "--port", "0", "--project", str(project)]
    environment = {**os.environ, "JIXIAO_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            yield next(
                found[0] for line in process.stdout or () if (found := re.search(r"http://\S+/", line))
            )
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
