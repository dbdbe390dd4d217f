"""Mutation testing: whether the tests notice when the program is changed (`make mutate`)."""
