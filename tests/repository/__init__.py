"""Tests of the repository itself: documentation, shape of the code."""
