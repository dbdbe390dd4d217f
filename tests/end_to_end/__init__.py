"""Tests of the whole way from YAML to the built site."""
