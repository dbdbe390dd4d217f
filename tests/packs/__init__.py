"""Tests of PDF and workbooks to hand round."""
