"""Tests of PO files and languages."""
