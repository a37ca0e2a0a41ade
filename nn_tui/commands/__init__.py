"""What can be typed after `nn-tui`: a module a command, which names its options and picks the room that does the work.

A module imports nothing but click before its command runs, so that `nn-tui --help` stays quick.
"""
