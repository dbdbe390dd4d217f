"""Check: shape first, then meaning. A rule is a module under `rules/`; its docstring is its public page."""
