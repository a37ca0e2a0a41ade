"""How the lab comes up quickly: all that is done for it, why, and what each thing saves.

Milliseconds are of a machine on which `import numpy` takes 62 and the lab's imports 314 without it;
`python benchmarks/lab.py` prints the time to the first picture beside that of a plain Textual app.

- The lab alone is opened without click (`asked_for`): 47 ms for the command line's imports.
- The worker's process starts before the app is imported (`commands.lab`): both get ready side by side.
- NumPy is put off until something of it is used (`defer`): 62 ms. So the first picture does without: panels read arrays
  by `struct` (`tui.panels.reading`), and what maps are shaded and lines of a few dozen points are dotted with needs no
  arrays (`charts.shades`, `charts.braille`).
- Records that are declared on the way to the first picture are `msgspec.Struct`s: 15 µs each, where a dataclass, which
  writes and compiles its methods, takes half a millisecond, and there are forty of them.
- The first picture waits for the first frame, if that is not long in coming (`tui.lab.screen`): 40 ms for another one.
- Garbage is not looked for until the lab has settled (`make_quick`, `settle`): several passes of up to 40 ms over what
  stays. Then what is there is taken out of the collector's sight.
- Panels that nobody looks at yet, and dialogs, are imported later: 150 ms (`tui.panels.loading`).
- plotext is imported in the painter's thread while the worker gets ready: 12 ms (`tui.painter`, `charts.figure`).
- The program itself imports next to nothing before it listens to Ctrl-C (`__main__`).
- Pictures may follow each other four times as quickly as Textual has it: what a key changes is on screen sooner.
"""

import gc
import os
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import Any

_PICTURES_A_SECOND = "240"
"""The most there can be; Textual has 60."""

_GARBAGE = 2500, 3, 50
"""After how many objects, and passes, garbage is looked for. Textual's strips refer to themselves, which makes ten
thousand objects a second of a run flat out, and most live for a frame. By Python's own numbers it is looked for among
them too early, so that every few seconds a pass over what has piled up takes 20 ms, and a key waits for it.
"""


def asked_for(arguments: list[str]) -> str | None:
    """The scenario to open if a command line asks for the lab and no more, empty for the usual one; else None."""
    match arguments:
        case [] | ["open"]:
            return ""
        case ["open", scenario] if not scenario.startswith("-"):
            return scenario
    return None


def make_quick() -> None:
    """Readies this process for the lab, before anything of it is imported."""
    defer("numpy")
    gc.disable()
    os.environ.setdefault("TEXTUAL_FPS", _PICTURES_A_SECOND)


def settle() -> None:
    """Once the first picture is there: garbage is looked for again, but not among what is there by now and stays."""
    gc.set_threshold(*_GARBAGE)
    gc.enable()
    gc.collect()
    gc.freeze()


def defer(name: str) -> None:
    """Puts an import off: `import name` gives a module that loads itself the first time something of it is used.

    What is used earlier than expected is loaded earlier, and works all the same, in any thread.

    Args:
        name: of a module at the top level; one that is imported already, or is not there, stays as it is.
    """
    if name in sys.modules:
        return
    spec = find_spec(name)
    if spec is not None and spec.loader is not None:
        sys.modules[name] = _Deferred(name, spec)


class _Deferred(ModuleType):
    """A module before it is loaded; then it is an ordinary one.

    The standard library's `LazyLoader` does not do here: at its `import` already, the interpreter asks the module for
    its `__spec__`, which loads it.
    """

    def __init__(self, name: str, spec: ModuleSpec) -> None:
        super().__init__(name)
        self.__spec__ = spec
        self._lock = RLock()
        self._is_loading = False

    def __getattr__(self, name: str) -> Any:
        # A second thread waits here until the first has loaded it all; the first, while it does, finds what there is.
        with self.__dict__["_lock"]:
            if not self.__dict__["_is_loading"]:
                self._is_loading = True
                self._load()
            return ModuleType.__getattribute__(self, name)

    def _load(self) -> None:
        spec = self.__spec__
        assert spec is not None
        assert spec.loader is not None
        self.__dict__.update(module_from_spec(spec).__dict__)
        spec.loader.exec_module(self)
        self.__class__ = ModuleType  # type: ignore[assignment]
