"""What a study stored, read as far as it is asked for, and its effects."""
