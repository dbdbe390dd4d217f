"""Canonical YAML of source files: `import`, `new` and `fmt` all write through this package."""
