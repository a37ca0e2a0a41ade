"""What the command line prints: tables, progress, curves. Imported by `cli` once a command needs it."""
