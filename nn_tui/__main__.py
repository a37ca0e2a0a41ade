"""`python -m nn_tui`."""

from nn_tui.cli import main

main()
