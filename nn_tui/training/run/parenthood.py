"""A process of a pool ends with the program that started it, and leaves Ctrl-C to it.

A pool tells its processes to end when it is shut down. A program that is killed tells them nothing, and they would wait
for their next task for ever.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

_SECONDS = 2.0
"""That a process which is told to end may take."""


def end_with_parent() -> None:
    """Ends this process, one of a pool, as soon as the program that started it has gone, however that came about."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Within its `with` block Ctrl-C waits, and goes on waiting in processes that are started there.

    It reaches all processes of a terminal; in one that is about to import what it needs it would end in a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_pool(pool: ProcessPoolExecutor) -> None:
    """Ends a pool's processes in the middle of their tasks.

    Whoever presses Ctrl-C once presses it again, and one that came while a pool is shut down would leave its processes
    waiting for it, and this program for them.
    """
    processes = list((getattr(pool, "_processes", None) or {}).values())
    with _interrupts_ignored():
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(_SECONDS)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread hears of them.
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
