"""Benchmarks: how long builds take, on declarations that are plainly made up."""
