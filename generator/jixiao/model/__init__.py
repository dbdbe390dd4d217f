"""Nouns of the field: frozen, typed, read from plain trees. Nothing here touches the disk."""
