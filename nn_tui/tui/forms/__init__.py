"""The scenario's fields as panels to change them in, built from the schema."""
