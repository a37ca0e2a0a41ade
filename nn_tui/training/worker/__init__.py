"""The child process that trains: takes commands from stdin, answers on stdout (see `messages` and `wire`)."""
