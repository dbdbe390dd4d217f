"""Payloads through every sink: nothing runs in a real browser, even with the security policy switched off.

The checks refuse most of these texts, so here they are put into the model behind the backs of the checks:
what is tested is the escaping alone.
"""

import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jixiao import pipeline
from jixiao.analysis.site_content import ParsedDeclaration, SiteContent
from jixiao.build.executor import Executor
from jixiao.build.page_stages import layout_stage
from jixiao.build.paths import BuildPaths
from jixiao.build.search_stage import search_stage, start_indexes
from jixiao.build.staging import StagedSite, staged_site
from jixiao.build.task import Output, PageScan, Stage, Task, hash_inputs
from jixiao.build.worker import BuildContext, html_path
from jixiao.config import SiteConfig
from jixiao.i18n import TranslationCatalogue
from jixiao.model.declaration import Declaration
from jixiao.model.target import Target
from jixiao.site.engine_settings import build_engine_settings, build_navigation
from jixiao.site.mkdocs_engine import MkDocsEngine
from jixiao.site.search_text import extract_indexed_html
from jixiao.site.sitemap import SitePage
from jixiao.text import Text
from jixiao.verify import read_shared
from tests.conftest import ROOT, serve
from tests.support.injection_payloads import PAYLOADS
from tests.support.render_pages import parse_declarations, render_language
from tests.support.sample_projects import copy_small_project

SIDE_BY_SIDE = 12
"""Pages that are open at once, each in a frame: one after another takes three times as long."""
FRAMES = """addresses => Promise.all(addresses.map(address => new Promise(loaded => {
    const frame = document.createElement("iframe");
    Object.assign(frame, { src: address, width: 1280, height: 900, onload: loaded });
    document.body.append(frame);
})))"""
RAN = """() => {
    document.body.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
    return window.pwnings;
}"""
PWNED = "window.pwnings = 0; window.pwned = () => { window.pwnings += 1; };"


def _insert_payload(declaration: Declaration, payload: str) -> Declaration:
    """Insert *payload* into every text of a declaration."""
    text = Text(payload)
    indicators = {
        level1: {
            level2: tuple(
                one.model_copy(
                    update={
                        "name": text,
                        "target": Target(text, None),
                        "note": text,
                        "as_filed": one.as_filed
                        and one.as_filed.model_copy(update={"cells": ((text, Text("")),)}),
                    }
                )
                for one in group
            )
            for level2, group in groups.items()
        }
        for level1, groups in declaration.indicators.items()
    }
    goals = declaration.goals.model_copy(update={"overall": text, "annual": text})
    return declaration.model_copy(
        update={"name": text, "nature": text, "goals": goals, "indicators": indicators}
    )


def _poison(
    sound: ParsedDeclaration, catalogue: SiteContent, config: SiteConfig
) -> tuple[tuple[ParsedDeclaration, ...], SiteContent, SiteConfig]:
    """Make one declaration for each payload, and poison names, aliases, translations and settings too."""
    declarations = tuple(
        ParsedDeclaration(
            id=f"2021/health/payload-{number}",
            file=sound.file,
            declaration=_insert_payload(sound.declaration, payload),
            tree=sound.tree,
            version=sound.version,
        )
        for number, payload in enumerate(PAYLOADS)
    )
    evil = Text(PAYLOADS[0] + PAYLOADS[80])
    organisations = {
        identity: entry.model_copy(update={"name": evil, "aliases": (evil,)})
        for identity, entry in catalogue.organisations.items()
    }
    translations = {payload: f"{payload} in English" for payload in PAYLOADS[::2]}
    everywhere = dict.fromkeys(config.languages, evil)
    return (
        declarations,
        replace(
            catalogue,
            summaries=tuple(filed.summary for filed in declarations),
            organisations=organisations,
            translations={"en": TranslationCatalogue(language="en", translations=translations)},
        ),
        config.model_copy(update={"name": everywhere, "publisher": everywhere}),
    )


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in which every text is a payload."""
    project = copy_small_project(tmp_path_factory.mktemp("payloads") / "project")
    checked = pipeline.check(project)
    assert isinstance(checked.config, SiteConfig)
    (sound,) = parse_declarations(project, checked.catalogue)
    declarations, catalogue, config = _poison(sound, checked.catalogue, checked.config)
    with staged_site(BuildPaths(root=project), lambda _step: None) as staged:
        for language in config.languages:
            _add_pages(declarations, catalogue, config, language, staged)
        staged.complete()
        return staged.publish(lambda _step: None, {})


def _add_pages(
    declarations: tuple[ParsedDeclaration, ...],
    catalogue: SiteContent,
    config: SiteConfig,
    language: str,
    staged: StagedSite,
) -> None:
    """Render everything in one language as a build does, but let no verification stand in the way."""
    navigation = build_navigation(catalogue, catalogue.years(), language)
    settings = build_engine_settings(ROOT, config, language, navigation)
    context = BuildContext(
        catalogue=catalogue,
        config=config,
        engines={language: settings},
        sources=read_shared(ROOT),
        shared_inputs="",
    )
    here, engine, shown = Executor(context=context), MkDocsEngine(settings), list[SitePage]()

    def tasks() -> Iterator[Task[Output]]:
        for page in render_language(catalogue, declarations, config, language):
            html, path = engine.render(page), html_path(language, page.address)
            output = Output(
                files={f"site/{path}": html.encode()},
                scans={path: PageScan(links=(), search_hash=hash_inputs(extract_indexed_html(html)))},
            )
            yield Task(name=page.address, inputs="", prepare=lambda: output)  # noqa: B023 - called at once
            shown.append(SitePage(language=language, kind=page.kind, address=page.address, year=page.year))

    staged.run(Stage(kind=f"page-{language}", run=lambda _, outputs: outputs, tasks=tasks()), here)
    staged.run(layout_stage(context), here)
    deque(start_indexes(shown, staged, here), maxlen=0)
    staged.run(search_stage(shown, [language], catalogue), here)


@pytest.fixture(scope="module")
def poisoned_address(poisoned: Path) -> Iterator[str]:
    """The address of the poisoned site."""
    yield from serve(poisoned)


def test_there_are_enough_payloads() -> None:
    assert len(set(PAYLOADS)) >= 150


def _open_all(browser: Browser, address: str, pages: list[str], policy: str) -> dict[str, int]:
    """Open pages in frames of a page that has no policy; return for each how often a payload ran in it."""
    context = browser.new_context(bypass_csp=policy == "off")
    context.add_init_script(PWNED)
    page = context.new_page()
    ran: dict[str, int] = {}
    for start in range(0, len(pages), SIDE_BY_SIDE):
        page.goto(f"{address}assets/site.css")
        page.evaluate(FRAMES, [f"{address}{one}/" for one in pages[start : start + SIDE_BY_SIDE]])
        ran |= {frame.url: frame.evaluate(RAN) for frame in page.main_frame.child_frames}
    context.close()
    return ran


@pytest.mark.browser
@pytest.mark.parametrize("policy", ["off", "on"])
def test_no_payload_runs_on_any_page(
    policy: str, poisoned: Path, poisoned_address: str, browser: Browser
) -> None:
    pages = [file.relative_to(poisoned).parent.as_posix() for file in sorted(poisoned.rglob("index.html"))]
    assert len(pages) > 2 * len(PAYLOADS)
    # With the policy a payload has to get past both, so that fewer pages tell as much.
    pages = pages[:: 1 if policy == "off" else 5]

    ran = _open_all(browser, poisoned_address, pages, policy)

    assert ran == {f"{poisoned_address}{address}/".replace("/./", "/"): 0 for address in pages}


@pytest.mark.browser
def test_a_payload_that_nobody_escapes_is_noticed_and_the_policy_stops_it(
    poisoned: Path, browser: Browser, tmp_path: Path
) -> None:
    sound = (poisoned / "index.html").read_text("utf-8")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/site.css").write_text("", "utf-8")
    for number, payload in enumerate(("<img src=x onerror=pwned()>", "&lt;b&gt;")):
        (tmp_path / f"{number}").mkdir()
        bare = sound.replace("<body>", f"<body>{payload}", 1).replace("<body ", f"{payload}<body ", 1)
        (tmp_path / f"{number}" / "index.html").write_text(bare, "utf-8")

    with contextmanager(serve)(tmp_path) as address:
        ran, stopped = (
            list(_open_all(browser, address, ["0", "1"], policy).values()) for policy in ("off", "on")
        )

    assert (ran, stopped) == ([1, 0], [0, 0])


@pytest.mark.browser
@pytest.mark.parametrize("language", ["", "en/"])
def test_no_payload_runs_in_the_results_of_a_search(
    language: str, poisoned_address: str, browser: Browser
) -> None:
    context = browser.new_context(bypass_csp=True)
    context.add_init_script(PWNED)
    page = context.new_page()
    for query in ("pwned", "script", "onerror"):
        page.goto(f"{poisoned_address}{language}search/?q={query}")
        page.locator(".result").first.wait_for()
        for _ in range(12):
            page.mouse.wheel(0, 2000)
            page.wait_for_function("document.querySelectorAll('.result').length > 0")
        assert page.evaluate("window.pwnings") == 0
        assert page.locator(".result script, .result img, .result svg").count() == 0
    context.close()


@pytest.mark.parametrize("language", ["", "en/"])
def test_every_payload_is_printed_as_it_was_typed(language: str, poisoned: Path) -> None:
    for number, payload in enumerate(PAYLOADS):
        page = (poisoned / f"{language}2021/health/payload-{number}/index.html").read_text("utf-8")
        names = re.findall(
            r'<td class="name">(?:<span lang="zh-CN">)?(.*?)(?:</span>)?</td>', page, re.DOTALL
        )
        shown = {unescape(name).removesuffix(" in English") for name in names}
        assert shown == {payload}
