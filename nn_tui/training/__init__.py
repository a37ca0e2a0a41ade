"""A run in motion: trainer, session, history, files and headless replay."""
