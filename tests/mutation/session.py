"""A session of tests: which test runs which lines, and whether it still passes when one of them is changed.

A test that starts a process is left out: what it starts would not be changed, and it takes long.
"""

import functools
import gc
import inspect
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType, TracebackType
from typing import Self

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck, Phase, settings

from tests.mutation.children import Attempt, failed
from tests.mutation.mutants import Mutant

PATIENCE = 10.0
"""Seconds that a mutant may take beyond ten times what its tests take without it."""
CASES = 20
WHOLE_CHECK = 150
"""Of tests that run more lines than this, so many cases are tried on a mutant at most."""
LONGEST = 20.0
"""Seconds that the tests of one mutant take at most when nothing is changed; the nearest come first."""
OPTIONS = (
    *("-q", "--no-header", "-p", "no:randomly", "-p", "no:cacheprovider"),
    *("-o", "tmp_path_retention_policy=failed", "-m", "not browser"),
    # The plugins were imported before this session began; their own asserts need no better words.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
_STARTS = frozenset({"subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty"})

# The same examples every time: a score must not depend on luck.
settings.register_profile(
    "mutation",
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


TraceFunction = Callable[[FrameType, str, object], "TraceFunction | None"]


class StartsAProcess(BaseException):
    """A test began to start a process."""


@dataclass(frozen=True, kw_only=True)
class Test:
    """A test that may be used."""

    name: str
    """Its node id."""
    seconds: float
    lines: frozenset[tuple[str, int]]
    """The lines of the program that it runs: file and number."""
    says: str
    """Its name and its source."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one session found out."""

    tests: tuple[Test, ...]
    left: tuple[int, ...]
    """Mutants that this session could not try: what they change is done while the program is imported."""


class Session:
    """A plugin of pytest that runs every test once, and then those again that a mutant concerns."""

    def __init__(
        self,
        root: Path,
        mutants: Sequence[Mutant],
        tell: Callable[[int, bool], None],
        files: Sequence[Path],
    ) -> None:
        self._root = root
        self._tests = files
        self._mutants = mutants
        self._tell = tell
        self._tracing = _Tracing(root, frozenset(mutant.file for mutant in mutants))
        self._watches = False
        self._slow: set[pytest.FixtureDef[object]] = set()
        self._functions: dict[tuple[str, str], list[FunctionType]] = {}
        self._items: dict[str, pytest.Item] = {}
        self.outcome = Outcome(tests=(), left=())

    def run(self) -> int:
        """Run the session; give the exit code of pytest."""
        sys.addaudithook(self._refuse_process)
        settings.load_profile("mutation")
        with self._tracing:
            return int(pytest.main([*map(str, self._tests), *OPTIONS], plugins=[self]))

    def _refuse_process(self, event: str, _arguments: object) -> None:
        if self._watches and event in _STARTS:
            raise StartsAProcess

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        """Note which fixtures start processes: pytest cannot set them up a second time."""
        try:
            return (yield)
        except StartsAProcess:
            self._slow.add(fixturedef)
            raise

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Measure the tests, then try the mutants."""
        if session.testsfailed:
            raise session.Failed
        at_import = self._tracing.lines_since()
        self._items = {item.nodeid: item for item in session.items}
        tests = tuple(self._measured(session.items))
        sys.settrace(None)
        gc.collect()
        self._functions = self._functions_in_files()
        gc.freeze()
        left: list[int] = []
        for number, killed in failed(self._attempts(tests, at_import, left)):
            self._tell(number, killed)
        self.outcome = Outcome(tests=tests, left=tuple(left))
        return True

    def _measured(self, items: Sequence[pytest.Item]) -> Iterator[Test]:
        for item in items:
            if not self._slow.isdisjoint(_fixtures_of(item)):
                continue
            for file in self._tracing.files:
                _forget(file)
            begun = time.monotonic()
            self._watches = True
            reports = runtestprotocol(item, log=False, nextitem=None)
            self._watches = False
            seconds = time.monotonic() - begun
            lines = self._tracing.lines_since()
            wrong = [report.longreprtext for report in reports if report.failed]
            if not wrong:
                says = f"{item.nodeid} {_source_of(item)}"
                yield Test(name=item.nodeid, seconds=seconds, lines=lines, says=says)
            elif not any(StartsAProcess.__name__ in text for text in wrong):
                sys.stderr.write("\n".join([item.nodeid, *wrong, ""]))
                pytest.exit(f"fails without any change: {item.nodeid}", 3)

    def _attempts(
        self, tests: Sequence[Test], at_import: frozenset[tuple[str, int]], left: list[int]
    ) -> Iterator[Attempt]:
        for number, mutant in enumerate(self._mutants):
            lines = {(mutant.file, line) for line in mutant.lines}
            change = self._change(mutant)
            if change is None or (mutant.where and not at_import.isdisjoint(lines)):
                left.append(number)
                continue
            near = (test for test in tests if not test.lines.isdisjoint(lines))
            concerned = _chosen(near, mutant.file)
            yield Attempt(
                number=number,
                patience=PATIENCE + 10 * sum(test.seconds for test in concerned),
                succeeds=functools.partial(self._passes, change, concerned),
            )

    def _passes(self, change: Callable[[], None], tests: Sequence[Test]) -> bool:
        change()
        for test in tests:
            reports = runtestprotocol(self._items[test.name], log=False, nextitem=None)
            if any(report.failed for report in reports):
                return False
        return True

    def _functions_in_files(self) -> dict[tuple[str, str], list[FunctionType]]:
        """Find the functions by file and name; one that a decorator hides is in memory all the same."""
        functions: dict[tuple[str, str], list[FunctionType]] = {}
        for function in gc.get_objects():
            if isinstance(function, FunctionType):
                code = function.__code__
                functions.setdefault((code.co_filename, code.co_qualname), []).append(function)
        return functions

    def _change(self, mutant: Mutant) -> Callable[[], None] | None:
        """Prepare the change of what is already imported; `None` where that cannot be done."""
        if mutant.constant:
            return functools.partial(_assign, mutant)
        if not mutant.where:
            return None
        path = str(self._root / mutant.file)
        new = _code_of(mutant, path)
        functions = self._functions.get((path, mutant.where), [])
        if new is None or not functions or new.co_freevars != functions[0].__code__.co_freevars:
            return None
        return functools.partial(_swap, functions, new, mutant.file)


def _source_of(item: pytest.Item) -> str:
    function = getattr(item, "function", None)
    return inspect.getsource(function) if function else ""


def _fixtures_of(item: pytest.Item) -> Iterator[pytest.FixtureDef[object]]:
    """Give the fixtures of a test; in another file another one may have the same name."""
    for definitions in item._fixtureinfo.name2fixturedefs.values():  # type: ignore[attr-defined] # noqa: SLF001
        yield from definitions


def _chosen(tests: Iterable[Test], file: str) -> list[Test]:
    """Sort the tests that run a line of *file*, and leave out more than some cases of one test or some time.

    A test that names the rule is about it, and one of few lines looks at them closely: these come first. Of
    the others, what many cases of one test run is nothing that only one of them is about; leaving some out
    can only make the score worse.
    """
    rule = Path(file).stem.replace("_", "-")
    chosen: list[Test] = []
    cases: Counter[str] = Counter()
    seconds = 0.0
    for test in sorted(tests, key=lambda test: (rule not in test.says, len(test.lines), test.seconds)):
        name = test.name.partition("[")[0]
        cases[name] += rule not in test.says and len(test.lines) > WHOLE_CHECK
        if cases[name] <= CASES:
            chosen.append(test)
            seconds += test.seconds
        if seconds > LONGEST:
            break
    return chosen


def _assign(mutant: Mutant) -> None:
    names = vars(sys.modules[_module_of(mutant.file)])
    code = compile(mutant.statement, mutant.file, "exec", dont_inherit=True)
    exec(code, names)  # noqa: S102 - the change itself


def _swap(functions: Sequence[FunctionType], code: CodeType, file: str) -> None:
    for function in functions:
        function.__code__ = code
    _forget(file)


def _forget(file: str) -> None:
    """Empty the caches of a module, or what is done once a process seems to be done by one test alone."""
    for value in list(vars(sys.modules[_module_of(file)]).values()):
        if hasattr(value, "cache_clear"):
            value.cache_clear()


def _module_of(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _code_of(mutant: Mutant, path: str) -> CodeType | None:
    """Compile the mutant and give the code of its function."""
    waiting = [compile(mutant.source, path, "exec", dont_inherit=True)]
    while waiting:
        code = waiting.pop()
        if code.co_qualname == mutant.where:
            return code
        waiting += [part for part in code.co_consts if isinstance(part, CodeType)]
    return None


@dataclass
class _Tracing:
    """Notes which lines of some files are run."""

    root: Path
    files: frozenset[str]
    _seen: set[tuple[str, int]] = field(default_factory=set)

    def __enter__(self) -> Self:
        sys.settrace(self._call)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        sys.settrace(None)

    def lines_since(self) -> frozenset[tuple[str, int]]:
        """Give the lines that were run since this was last asked."""
        seen, self._seen = frozenset(self._seen), set()
        return seen

    @functools.cached_property
    def _paths(self) -> dict[str, str]:
        return {str(self.root / file): file for file in self.files}

    def _call(self, frame: FrameType, _event: str, _argument: object) -> TraceFunction | None:
        file = self._paths.get(frame.f_code.co_filename)
        if file is None or frame.f_code.co_name == "<module>":
            return None

        def note(frame: FrameType, _event: str, _argument: object) -> TraceFunction:
            self._seen.add((file, frame.f_lineno))
            return note

        return note
