"""Load: from bytes on disk to trees in which every scalar is the text that was typed, with its place."""
