"""Tests of bytes to trees."""
