"""Context of a build: everything that serves all pages, and the hash of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from jixiao.build.task import hash_inputs
from jixiao.build.worker import BuildContext
from jixiao.config import CONFIG_FILE, SiteConfig
from jixiao.content import Content
from jixiao.i18n import message
from jixiao.model.address_register import AddressRegister
from jixiao.packs import describe_fonts
from jixiao.problems import UserError
from jixiao.site.engine_settings import build_engine_settings, build_navigation
from jixiao.site.mkdocs_engine import read_inherited_settings
from jixiao.verify import UnreadableSourceError, describe_unreadable, read_shared
from jixiao.verify.sources import VerificationSources, checksum_form

_REGISTER: Final = "content/addresses.yml"


def build_context(project: Content, config: SiteConfig) -> BuildContext:
    """Collect everything that every worker needs to build pages.

    Raises:
        UserError: The verification cannot read a file.
    """
    years = project.list_years()
    engines = {
        language: build_engine_settings(
            project.root, config, language, build_navigation(project.registers, years, language)
        )
        for language in config.languages
    }
    # What only the whole site needs stays here.
    travelling = replace(
        project.registers,
        address_register=AddressRegister(),
        address_register_tree=None,
        organisations_tree=None,
        shared_files=(),
    )
    return BuildContext(
        catalogue=travelling,
        config=config,
        engines=engines,
        sources=_read_sources(project),
        shared_inputs=_hash_shared(project, config),
    )


def _hash_shared(project: Content, config: SiteConfig) -> str:
    """Hash everything that serves every page: settings, registers, lists, translations, years, fonts.

    Not the register of addresses: a new line there changes no page that is there already.
    """
    shared = sorted(
        (source.file, source.text) for source in project.registers.shared_files if source.file != _REGISTER
    )
    return hash_inputs(
        (project.root / CONFIG_FILE).read_bytes(),
        read_inherited_settings(project.root),
        *(part for source in shared for part in source),
        *map(str, project.list_years()),
        *(describe_fonts() if config.packs else ()),
        str(config.preview),
    )


def _read_sources(project: Content) -> VerificationSources:
    """Read the files that serve all pages, and the forms, once more for the verification, by other code."""
    try:
        shared = read_shared(project.root)
        forms = {
            form: checksum_form(project.root / "content" / form, project.root)
            for form in project.registers.forms
        }
    except UnreadableSourceError as unreadable:
        finding = describe_unreadable(unreadable)
        raise UserError(
            message("网站与内容不符，有 {count} 处", count="1"), places=((finding.file, finding.message),)
        ) from unreadable
    return replace(shared, forms=forms)
