"""`python -m nn_tui.training.rates`: a scenario in TOML is asked, moments are the answers; see `errand`."""

from nn_tui.scenario.reading import loads
from nn_tui.training.errand import asked, say
from nn_tui.training.rates.moment import followed_search

followed_search(loads(asked().decode()), say)
