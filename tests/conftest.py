"""What holds for all tests."""

from hypothesis import settings

# The same examples every time and on every machine, however slow: a test that fails can be looked into.
settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("repeatable")
