"""Checks of content: registers and schema first, then the rules. A rule is a module under `rules/`."""
