"""`python -m nn_tui.training.diagnosis`: a scenario in TOML is asked, reports are the answers; see `errand`.

The number asked for is that of the steps which the running net has taken by now: what helps is tried from there too.
"""

from nn_tui.training.errand import ask, asked, say, say_how_far

request = asked()

# Half a second of work, which has to make way like the rest.
from nn_tui.scenario.reading import loads  # noqa: E402
from nn_tui.training.diagnosis.doctor import visit  # noqa: E402

say(visit(loads(request.decode()), on_trial=say_how_far, on_report=say, steps_by_now=ask))
