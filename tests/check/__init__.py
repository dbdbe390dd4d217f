"""Tests of checks of content: rules, settings, reports."""
