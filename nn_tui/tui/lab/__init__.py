"""The lab's own screen: one run with its forms and panels, and what is done there, each thing in a part of its own."""
