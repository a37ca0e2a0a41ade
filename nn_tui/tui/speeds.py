"""Steps a second, from one that can be followed by eye to as many as there is power for."""

LADDER = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
FLAT_OUT: float | None = None


def faster(speed: float | None) -> float | None:
    """The next speed up; after the last there is only flat out."""
    if speed is None:
        return FLAT_OUT
    return next((rung for rung in LADDER if rung > speed), FLAT_OUT)


def slower(speed: float | None) -> float | None:
    """The next speed down."""
    if speed is None:
        return LADDER[-1]
    return next((rung for rung in reversed(LADDER) if rung < speed), LADDER[0])
