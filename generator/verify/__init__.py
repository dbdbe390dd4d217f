"""Verify: a built site is read back by code that shares nothing with the code that wrote it."""

from generator.verify.finding import Finding
from generator.verify.manifest import MANIFEST, differences, write_manifest
from generator.verify.verification import verify

__all__ = ["MANIFEST", "Finding", "differences", "verify", "write_manifest"]
