"""A web server on this machine, to fetch from; it behaves well or badly, as a test wants it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Server:
    """A local web server.

    Attributes:
        address: of its root.
        answers: what to do for a path; for any other it is a 404.
        asked: the paths that were asked for, in order.
        patience: set at the end, so that a stalled answer ends.
    """

    address: str = ""
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    patience: threading.Event = field(default_factory=threading.Event)

    def send(self, path: str, content: bytes, part: int | None = None) -> None:
        """Answers with content, all of it or only the first bytes."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Length", str(len(content)))
            request.end_headers()
            request.wfile.write(content[:part])

        self.answers[path] = answer

    def stall(self, path: str, content: bytes) -> None:
        """Sends the beginning of an answer and then nothing, until the test is over."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Length", str(len(content)))
            request.end_headers()
            request.wfile.write(content[:100])
            request.wfile.flush()
            self.patience.wait(5.0)

        self.answers[path] = answer


@contextmanager
def serving() -> Iterator[Server]:
    """A server that runs within the `with` block."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            answer = state.answers.get(self.path)
            if answer is None:
                self.send_error(404)
            else:
                answer(self)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{web.server_address[1]}"
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.patience.set()
        web.shutdown()
        web.server_close()
        thread.join()
