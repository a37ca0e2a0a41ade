"""The runs that are kept: one SQLite file, shared by every program of this user."""
