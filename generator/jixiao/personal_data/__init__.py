"""Personal data: patterns in text, labels and names of persons, search of forms as received, redaction."""
