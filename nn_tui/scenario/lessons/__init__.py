"""Scenarios as lessons: the search for one, what each says to try, and every field explained."""
