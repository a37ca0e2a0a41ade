"""A large library that is imported when something of it is first asked for, and not where a module names it."""

import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import Any


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
