"""Tests of one command each."""
