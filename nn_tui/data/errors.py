"""What is wrong with data: one message for people."""


class DataError(ValueError):
    """Data that cannot be used: one line that says what was wrong, where, and what would be right."""
