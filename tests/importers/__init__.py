"""Tests of forms as received to YAML."""
