"""Every input of the program, put wrong at random."""
