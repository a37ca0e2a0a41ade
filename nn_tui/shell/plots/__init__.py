"""What is printed as a picture."""
