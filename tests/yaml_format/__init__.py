"""Tests of the layout of YAML files."""
