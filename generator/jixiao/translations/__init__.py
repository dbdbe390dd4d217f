"""Translation files: which texts they should hold, and how they are brought up to date.

A step takes what a file holds and what is said now, and gives what the file is to hold. `translating.py`
reads the project, calls the steps and writes.
"""
