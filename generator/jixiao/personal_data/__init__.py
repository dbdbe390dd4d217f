"""Personal data in text: patterns of numbers and addresses, labels and names of persons."""
