"""Into which parts rows are divided."""

import numpy as np
import pytest

from nn_tui.data.errors import DataError
from nn_tui.data.splitting import folds_by_content


@pytest.mark.parametrize(
    ("strata", "said"), [([0, 0, 0], "the data have only 3 different rows"), ([0, 0, 1], "only 2 different rows")]
)
def test_too_many_folds_are_refused_with_what_there_is(strata: list[int], said: str) -> None:
    with pytest.raises(DataError, match=said):
        folds_by_content(np.arange(3, dtype=np.uint64), np.asarray(strata, np.intp), 50, 1)
