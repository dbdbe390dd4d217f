"""Writing: the canonical YAML of a source file. `import`, `new` and `fmt` write through it, in one layout."""
