"""Live pictures of a run, each its own widget. `view.View` is what they have in common, `registry` lists them."""
