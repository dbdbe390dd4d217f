"""Forms as received: their whole text, searched for personal data, and copies with it blacked out."""
