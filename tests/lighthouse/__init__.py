"""Lighthouse: measured by hand with `make lighthouse`; see `__main__.py`."""
