"""Tests of personal data in sources and forms."""
