"""Processor time of each reader and writer over long runs of signs."""
