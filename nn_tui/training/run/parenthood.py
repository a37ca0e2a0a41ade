"""A process of a pool ends with the program that started it.

A pool tells its processes to end when it is shut down. A program that is killed tells them nothing, and they would wait
for their next task for ever.
"""

import multiprocessing
import os
import threading


def end_with_parent() -> None:
    """Ends this process, one of a pool, as soon as the program that started it has gone, however that came about."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
