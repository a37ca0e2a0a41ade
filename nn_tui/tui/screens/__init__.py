"""The lab's screens and the dialogs over them, each with its style sheet beside it."""
