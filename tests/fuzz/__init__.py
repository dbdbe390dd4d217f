"""Fuzzing with atheris: bytes that follow the code, held against properties. Too long for every change."""
