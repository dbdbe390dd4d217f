"""Tests of Markdown to HTML, search index, engines."""
