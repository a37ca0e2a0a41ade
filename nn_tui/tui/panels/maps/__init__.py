"""Pictures over the plane of two inputs, or over one input."""
