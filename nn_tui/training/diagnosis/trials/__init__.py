"""Trials of what may help: what is tried, where, in which order, and how outcomes are weighed."""
