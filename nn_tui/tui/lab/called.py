"""What things of the lab are called besides their own names: the words people look for them by."""

COMMANDS_CALLED: dict[str, tuple[str, ...]] = {
    "play_pause": ("start training", "stop training", "run", "continue"),
    "reset": ("restart", "start again", "begin again"),
    "new_seed": ("random start", "shuffle"),
    "faster": ("speed",),
    "slower": ("speed",),
    "go_on": ("train longer", "continue"),
    "undo": ("take back", "revert"),
    "cure": ("fix", "repair", "remedy", "doctor", "dead units"),
    "find_rate": ("range test",),
    "sweep": ("grid search", "hyperparameter search", "random search"),
    "log": ("logarithmic",),
    "recent": ("zoom",),
    "maximize": ("full screen", "fullscreen", "zoom", "enlarge"),
    "trace": (
        "delta δ", "backpropagation", "backward pass", "forward pass", "chain rule", "derivative", "set a weight",
        "weight by hand", "bias by hand",
    ),
    "draw": ("draw", "sketch", "probability", "predict", "image", "test it"),
    "jump": ("go to a field", "shortcut"),
    "forms": ("sidebar", "settings", "parameters", "drawer"),
    "lesson": ("what to try", "exercise"),
    "tour": ("tutorial", "introduction", "getting started", "first steps"),
    "explain": ("what is this", "what does it do"),
    "help": ("keys", "shortcuts", "mouse", "colors", "legend", "manual"),
    "open": ("load", "dataset", "file", "csv", "table", "examples", "start page"),
    "save": ("export", "screenshot", "svg", "write", "pytorch"),
    "kept_runs": ("history", "earlier runs", "compare runs"),
    "app.quit": ("exit", "leave", "close"),
}  # fmt: skip
"""Other words of commands, by their action."""

FIELDS_CALLED: dict[str, tuple[str, ...]] = {
    "data.kind": ("dataset", "problem"),
    "data.test_share": ("test set", "split"),
    "data.validation_share": ("validation set",),
    "data.scaling": ("standardize", "normalize", "preprocessing"),
    "data.features": ("inputs",),
    "network.hidden": (
        "add a layer", "third layer", "hidden layers", "neurons", "units", "width", "depth", "architecture", "dropout",
    ),
    "network.init.name": ("initializer", "initialization", "starting weights"),
    "network.normalization": ("batch norm", "layer norm"),
    "network.output": ("output activation", "last layer"),
    "training.loss": ("cost", "objective", "error function"),
    "training.optimizer.name": ("method", "update rule"),
    "training.optimizer.lr": ("learning rate", "step size", "eta η"),
    "training.mode": ("gradient descent", "stochastic"),
    "training.batch_size": ("smaller batches", "mini-batch"),
    "training.class_weight": ("imbalanced classes", "rare classes"),
    "training.dtype": ("float64", "float32", "double"),
    "training.schedule.name": ("rate decay", "decay of the rate", "annealing", "warm-up", "warmup", "falling rate"),
    "training.regularization.l2": ("weight decay", "penalty", "penalize large weights", "regularization", "ridge"),
    "training.regularization.l1": ("penalty", "regularization", "lasso", "sparse weights"),
    "training.clip.norm": ("gradient clipping", "exploding gradients"),
    "training.early_stop.patience": ("early stopping",),
    "training.race": ("compare", "rival", "side by side"),
}  # fmt: skip
"""Other words of fields, by their key."""

PANELS_CALLED: dict[str, tuple[str, ...]] = {
    "loss": ("learning curve", "error", "read off", "cursor"),
    "quality": ("score",),
    "gradients": ("vanishing gradients", "exploding gradients"),
    "dead": ("dead neurons", "dying relu"),
    "histograms": ("weights", "distribution"),
    "trace": ("delta δ", "backpropagation", "chain rule"),
    "boundary": ("probability", "how sure", "prediction", "map"),
    "confusion": ("mistakes", "misclassified"),
    "network": ("weights", "bias", "neurons"),
    "images": ("pictures", "mistakes"),
    "diagnosis": ("what is wrong", "problems", "findings", "overfitting", "remedies"),
}  # fmt: skip
"""Other words of panels, by their name."""
