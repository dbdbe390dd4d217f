"""Incremental, parallel and atomic building of the site; imports nothing by itself."""
