"""Tests of page data to Markdown."""
