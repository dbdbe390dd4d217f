"""Tests of history read from git."""
