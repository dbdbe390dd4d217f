"""Tests of building and publishing: incremental, atomic, permissions."""
