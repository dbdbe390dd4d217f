"""Forms as received, searched for personal data before they are published: all text, seen or hidden."""
