"""Verify: a built site is read back by code that shares nothing with the code that wrote it."""

from generator.verify.finding import Finding
from generator.verify.manifest import MANIFEST, differences, entries_of, write_manifest
from generator.verify.sources import read_shared
from generator.verify.verification import unreadable_source, verify, whole_site
from generator.verify.yaml_text import Unreadable

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
