"""The parts of the lab's screen that are neither forms nor views, each with its style sheet beside it."""
