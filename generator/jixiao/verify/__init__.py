"""Verify: a built site is read back by code that shares nothing with the code that wrote it."""

from jixiao.verify.finding import Finding
from jixiao.verify.manifest import MANIFEST, differences, entries_of, write_manifest
from jixiao.verify.sources import read_shared
from jixiao.verify.verification import unreadable_source, verify, whole_site
from jixiao.verify.yaml_text import Unreadable

__all__ = [
    "MANIFEST",
    "Finding",
    "Unreadable",
    "differences",
    "entries_of",
    "read_shared",
    "unreadable_source",
    "verify",
    "whole_site",
    "write_manifest",
]
