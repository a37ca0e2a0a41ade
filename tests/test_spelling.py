"""What people read is in American English."""

import re
from pathlib import Path

import nn_tui

ROOT = Path(nn_tui.__file__).parent.parent

BRITISH = re.compile(
    r"neighbour|colour|behaviour|favour|honour|labour|flavour|\bgrey|\bcentr(e|ing)|metre|fibre\b|theatre"
    r"|\blicence|\bdefence|learnt\b|(travel|cancel|label|model|level|signal)l(ed|ing)\b|artefact|\btowards (?=[a-z])"
    r"|\b(optim|normal|regular|standard|initial|minim|maxim|general|quant|summar|organ|recogn|visual)is(e|ed|es|er|ing|ation)\b"
    r"|\banalys(e|ed|ing)\b|\b(the|a) catalogue\b",
    re.IGNORECASE,
)

TYPED = ("nn_tui/scenario/lessons/search.py", "nn_tui/scenario/wording.py")
"""Where British words stand because people type them."""


def test_what_people_read_is_in_american_english() -> None:
    read = [
        path
        for files in ("nn_tui/**/*.py", "scenarios/*.toml", "scenarios/*.md", "docs/*.md", "*.md")
        for path in sorted(ROOT.glob(files))
    ]
    assert len(read) > 100
    found = [
        f"{name}:{number}: {line.strip()}"
        for path in read
        if (name := path.relative_to(ROOT).as_posix()) not in TYPED
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if BRITISH.search(line)
    ]
    assert found == []
