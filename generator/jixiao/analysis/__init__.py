"""Facts that follow from the nouns of `model/`: summaries, comparisons, counts, URLs."""
