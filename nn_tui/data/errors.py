"""What is wrong with data: one message for people."""


class DataError(ValueError):
    """Data that cannot be used: one line that says what was wrong, where, and what would be right.

    Attributes:
        key: the key of a scenario's `data` table that it is about, such as "target"; empty if about no single one.
    """

    def __init__(self, problem: str, key: str = "") -> None:
        super().__init__(problem)
        self.key = key
