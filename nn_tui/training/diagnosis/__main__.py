"""`python -m nn_tui.training.diagnosis`: a scenario in TOML is asked, reports are the answers; see `errand`.

The number asked for is that of the steps which the running net has taken by now: what helps is tried from there too.
"""

from nn_tui.scenario.reading import loads
from nn_tui.training.diagnosis.doctor import visit
from nn_tui.training.errand import ask, asked, say

say(visit(loads(asked().decode()), on_report=say, steps_by_now=ask))
