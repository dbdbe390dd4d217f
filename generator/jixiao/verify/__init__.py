"""Verify: a built site is read back by code that shares nothing with the code that wrote it."""

from jixiao.verify.findings import VerificationFinding, sort_findings
from jixiao.verify.manifest import MANIFEST, compare_manifest, file_entries, site_files, write_manifest
from jixiao.verify.source_declaration import UnreadableSourceError
from jixiao.verify.sources import read_shared
from jixiao.verify.verification import compare_whole_site, describe_unreadable, report_on, verify

__all__ = [
    "MANIFEST",
    "UnreadableSourceError",
    "VerificationFinding",
    "compare_manifest",
    "compare_whole_site",
    "describe_unreadable",
    "file_entries",
    "read_shared",
    "report_on",
    "site_files",
    "sort_findings",
    "verify",
    "write_manifest",
]
