"""Live pictures of a run, each its own widget. `view.Panel` is what they have in common, `registry` lists them."""
