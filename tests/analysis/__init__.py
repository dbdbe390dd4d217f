"""Tests of analysis: summaries, duplicates, contradictions, years compared."""
