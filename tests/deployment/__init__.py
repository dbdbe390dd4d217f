"""Tests of pipelines of the forges and the web server."""
