"""Model: the nouns of the field. Frozen, typed, read from plain trees, and nothing here touches the disk."""
