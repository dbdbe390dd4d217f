"""Tests of files of data."""
