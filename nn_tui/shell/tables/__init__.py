"""What is printed as a table."""
