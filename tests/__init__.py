"""The tests: a folder a room of the package."""
