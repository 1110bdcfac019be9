"""The HTTP half of a fake cloud: two servers, a log of requests, and injected faults."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Router = Callable[["Request"], "Answer"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request that reached a fake cloud."""

    method: str
    host: str
    path: str
    target: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """Return the body as form fields."""
        return {key: values[0] for key, values in parse_qs(self.body.decode()).items()}

    @property
    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)

    @property
    def bearer(self) -> str:
        """Return the bearer token, or the empty string."""
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def __str__(self) -> str:
        return f"{self.method} {self.host}{self.path}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the fake says: a status, a body (bytes, or anything JSON), headers; or it cuts the line.

    With a body, the line is cut in its middle.
    """

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: bool = False


@dataclass
class _Fault:
    where: str
    answer: Answer
    times: int


class FakeServer:
    """A TLS server and a plain one that share a log; a subclass says what to answer.

    Parameters
    ----------
    certificate
        The PEM file with the server's certificate and key.
    """

    def __init__(self, certificate: Path) -> None:
        self.requests: list[Request] = []
        self._faults: list[_Fault] = []
        self._lock = threading.Lock()
        self._released = threading.Event()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._secure = _Listener(self._serve, context)
        self._plain = _Listener(self._serve, None)

    @property
    def port(self) -> int:
        """The port of the TLS server."""
        return self._secure.port

    @property
    def plain_port(self) -> int:
        """The port of the plain server, for managed identities and the stub of the Azure CLI."""
        return self._plain.port

    def fault(self, where: str, answer: Answer, *, times: int = 1) -> None:
        """Give `answer` to the next `times` requests whose 'METHOD host/path' contains `where`."""
        with self._lock:
            self._faults.append(_Fault(where, answer, times))

    def close(self) -> None:
        """Stop both servers and hang up on everyone."""
        self._released.set()
        self._secure.close()
        self._plain.close()

    def route(self, request: Request) -> Answer:
        """Return the answer; the subclass knows."""
        raise NotImplementedError

    def _serve(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            answer = self._faulty(str(request))
        if answer is None:
            return self.route(request)
        if answer.delay:
            # Slow, yet gone at once when the test ends.
            self._released.wait(answer.delay)
        # A fault without a status lets the request pass, which counts requests off before another fault.
        return answer if answer.cut or answer.status else self.route(request)

    def _faulty(self, label: str) -> Answer | None:
        for fault in self._faults:
            if fault.times and fault.where in label:
                fault.times -= 1
                return fault.answer
        return None


class _Listener:
    """One listening socket, its threads, and the connections to hang up at the end."""

    def __init__(self, serve: Router, context: ssl.SSLContext | None) -> None:
        self._connections: set[socket.socket] = set()
        self._server = _make_server(serve, context, self._connections)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()


def _make_server(
    serve: Router, context: ssl.SSLContext | None, connections: set[socket.socket]
) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one piece, at once: otherwise each answer waits 40 ms for the client's acknowledgement.
        disable_nagle_algorithm = True
        wbufsize = -1

        def setup(self) -> None:
            connections.add(self.request)
            super().setup()

        def finish(self) -> None:
            with contextlib.suppress(OSError):
                super().finish()
            connections.discard(self.request)

        def log_message(self, *_args: object) -> None:
            """Keep the test's output quiet."""

        def handle_one_request(self) -> None:
            # A client that hangs up is no fault of the fake.
            try:
                super().handle_one_request()
            except (OSError, ValueError):
                self.close_connection = True

        def answer(self) -> None:
            _reply(self, serve(_parse(self)))

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer  # noqa: N815 - the names are http.server's

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 128

        def get_request(self) -> tuple[socket.socket, Any]:
            connection, address = super().get_request()
            if context is not None:
                connection = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
            return connection, address

        def handle_error(self, *_args: object) -> None:
            """Stay quiet when a client refuses the certificate or hangs up."""

    return Server(("127.0.0.1", 0), Handler)


def _parse(handler: BaseHTTPRequestHandler) -> Request:
    length = int(handler.headers.get("Content-Length") or 0)
    parts = urlsplit(handler.path)
    return Request(
        method=handler.command,
        host=(handler.headers.get("Host") or "").partition(":")[0].lower(),
        path=unquote(parts.path),
        target=handler.path,
        query={key: values[0] for key, values in parse_qs(parts.query).items()},
        headers=dict(handler.headers),
        body=handler.rfile.read(length) if length else b"",
    )


def _reply(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    if answer.cut and answer.body is None:
        _cut(handler)
        return
    data = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
    data = b"" if answer.body is None else data
    handler.send_response(answer.status)
    for key, value in {"Content-Type": "application/json; charset=utf-8", **answer.headers}.items():
        handler.send_header(key, value)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(data[: len(data) // 2] if answer.cut else data)
    if answer.cut:
        _cut(handler)


def _cut(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.wfile.flush()
    with contextlib.suppress(OSError):
        handler.connection.shutdown(socket.SHUT_RDWR)
