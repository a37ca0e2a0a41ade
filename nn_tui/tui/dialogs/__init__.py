"""What all dialogs are made of, and the one that fields of the forms open."""
