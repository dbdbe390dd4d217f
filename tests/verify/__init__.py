"""Tests of verification of a built or deployed site."""
