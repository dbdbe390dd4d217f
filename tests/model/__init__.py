"""Tests of values and declarations."""
