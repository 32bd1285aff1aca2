"""A network that can be broken: a small proxy on loopback between the browser and the server.

A test asks for a fault, for certain requests and so many of them; whatever no fault is asked for passes. The log holds
every request, whether it reached the server, what the server said and whether the browser got to hear of it, so that
tests assert on facts. The proxy lives in a thread of its own; whatever a test asks for is in force when the call
returns, and nothing waits longer than LIMIT.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

LIMIT = 60.0  # seconds; no test needs a request to wait longer
LARGEST = 2**20  # bytes of a request or a line of its head
HOTEL = "/hotel/"  # where a captive portal sends
PORTAL = "<!doctype html><title>Hotel</title><h1>Welcome to the hotel</h1><p>Accept the terms to go on."
_T = TypeVar("_T")


@dataclass(eq=False)
class Exchange:
    """One request and what became of it."""

    method: str
    path: str
    body: bytes
    reached: bool = False  # the server has all of the request
    status: int | None = None  # what the server answered
    reply: bytes = b""
    heard: bool = False  # the browser is told so

    @property
    def form(self) -> dict[str, list[str]]:
        """The request's fields."""
        return parse_qs(self.body.decode(), keep_blank_values=True)

    @property
    def json(self) -> Any:
        """The server's answer, which was not compressed."""
        return json.loads(self.reply)


@dataclass(eq=False)
class Fault:
    """What happens to the requests that fit. ``hits`` are those to which it has happened, or which it is holding."""

    act: Callable[[Fault, Exchange, _Connection], Coroutine[Any, Any, bool]]
    proxy: Proxy
    method: str
    path: re.Pattern[str]
    times: int | None
    value: Any = None
    taken: int = 0
    hits: list[Exchange] = field(default_factory=list)
    lifted: bool = False
    _gates: dict[Exchange, asyncio.Event] = field(default_factory=dict)
    _is_open: bool = False

    def fits(self, exchange: Exchange) -> bool:
        """Whether this request is meant, and its turn has not passed."""
        return (
            not self.lifted
            and (self.times is None or self.taken < self.times)
            and self.method in ("", exchange.method)
            and self.path.search(exchange.path) is not None
        )

    def lift(self) -> None:
        """Let requests pass from now on; what is held stays held."""
        self.lifted = True

    def release(self, *exchanges: Exchange) -> None:
        """Let these go on; without any, all that are held and all that will come."""
        self.proxy.call(self._release, exchanges)

    def wait(self, number: int = 1, seconds: float = 10) -> None:
        """Until the fault has happened so often."""
        until(lambda: len(self.hits) >= number, f"{number} requests for {self.path.pattern}", seconds)

    def _release(self, exchanges: tuple[Exchange, ...]) -> None:
        self._is_open = self._is_open or not exchanges
        for exchange in exchanges or tuple(self._gates):
            self._gates[exchange].set()

    async def gate(self, exchange: Exchange) -> None:
        """Wait to be released."""
        self._gates[exchange] = asyncio.Event()
        if self._is_open:
            self._gates[exchange].set()
        self.hits.append(exchange)
        async with asyncio.timeout(LIMIT):
            await self._gates[exchange].wait()


@dataclass(eq=False)
class _Connection:
    """A browser's connection, with the request that came over it last."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: list[str] = field(default_factory=list)

    async def request(self) -> Exchange | None:
        """The next request, None at the end."""
        try:
            lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
        except asyncio.IncompleteReadError:
            return None
        method, path, _version = lines[0].split(" ")
        self.head = lines
        body = await self.reader.readexactly(int(_header(lines, "Content-Length") or 0))
        return Exchange(method, path, body)

    async def send(self, status: str, head: list[str], body: bytes) -> None:
        self.writer.write("\r\n".join([f"HTTP/1.1 {status}", *head, "", ""]).encode("latin-1") + body)
        await self.writer.drain()

    def reset(self) -> None:
        """Cut it as a broken network does, without a farewell."""
        with suppress(OSError, AttributeError):
            at_once = struct.pack("ii", 1, 0)
            self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self.writer.transport.abort()


class Proxy:
    """``with Proxy("http://localhost:8001") as proxy: browser.goto(proxy.url)``."""

    def __init__(self, server: str) -> None:
        address = urlsplit(server)
        self.server = (address.hostname, address.port)
        self.log: list[Exchange] = []
        self.port = 0
        self.refused = 0  # connections that were tried while the network was gone
        self._faults: list[Fault] = []
        self._is_cut = False
        self._connections: dict[asyncio.Task[None], _Connection] = {}
        self._stragglers: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    @property
    def url(self) -> str:
        """Where the browser finds the server."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Proxy:
        self._thread.start()
        self._listener = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LARGEST, backlog=128))
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    # ── what a test asks for. ``method`` and ``path`` (a pattern, found anywhere) choose; ``times`` counts

    def cut(self) -> None:
        """The network is gone: every connection is cut, every new one refused, whatever else was asked for."""
        self.call(self._cut)

    def mend(self) -> None:
        """The network is back."""
        self._is_cut = False

    def clear(self) -> None:
        """No faults any more; what is held is let go."""
        self.mend()
        for fault in self._faults:
            fault.lift()
            fault.release()

    def refuse(self, method: str = "", path: str = "", times: int | None = None) -> Fault:
        """The connection is cut, and the server never hears of it."""
        return self._add(self._refuse, method, path, times)

    def hang(self, method: str = "", path: str = "", times: int | None = None) -> Fault:
        """No answer ever, and the server never hears of it."""
        return self._add(self._hang, method, path, times)

    def delay(self, seconds: float, method: str = "", path: str = "", times: int | None = None) -> Fault:
        """The request is slow on its way to the server."""
        return self._add(self._delay, method, path, times, seconds)

    def hold(self, method: str = "", path: str = "", times: int | None = None) -> Fault:
        """The request goes to the server when it is released, even if the browser no longer waits."""
        return self._add(self._hold, method, path, times)

    def hold_reply(self, method: str = "", path: str = "", times: int | None = None) -> Fault:
        """The server answers at once, the browser hears of it when it is released."""
        return self._add(self._hold_reply, method, path, times)

    def lose_reply(self, method: str = "", path: str = "", times: int | None = None) -> Fault:
        """The server does its work, but its answer is lost: the connection is cut."""
        return self._add(self._lose_reply, method, path, times)

    def straggle(self, method: str = "", path: str = "", times: int | None = None) -> Fault:
        """The connection is cut, but the request wanders on and comes to the server when it is released."""
        return self._add(self._straggle, method, path, times)

    def captive(self, method: str = "", path: str = "", times: int | None = None) -> Fault:
        """A captive portal answers 200 with a page of its own."""
        return self._add(self._invent, method, path, times, ("200 OK", []))

    def redirect(self, method: str = "", path: str = "", times: int | None = None) -> Fault:
        """A captive portal sends the browser to another place, its own page."""
        where = f"http://localhost:{self.port}{HOTEL}"
        return self._add(self._invent, method, path, times, ("302 Found", [f"Location: {where}"]))

    def fail(self, status: int = 502, method: str = "", path: str = "", times: int | None = None) -> Fault:
        """Something before the server answers for it that it is not to be had."""
        return self._add(self._invent, method, path, times, (f"{status} Out of order", []))

    def seen(self, method: str, path: str) -> list[Exchange]:
        """Requests that reached the server, in the order in which they came to the proxy."""
        return [
            exchange
            for exchange in self.log
            if exchange.reached and exchange.method == method and re.search(path, exchange.path)
        ]

    # ── the faults; each returns whether the connection can go on

    async def _pass(self, exchange: Exchange, connection: _Connection) -> bool:
        return await self._tell(exchange, connection, await self._forward(exchange, connection.head))

    async def _refuse(self, fault: Fault, exchange: Exchange, connection: _Connection) -> bool:
        connection.reset()
        fault.hits.append(exchange)
        return False

    async def _hang(self, fault: Fault, exchange: Exchange, connection: _Connection) -> bool:
        await fault.gate(exchange)
        connection.reset()
        return False

    async def _delay(self, fault: Fault, exchange: Exchange, connection: _Connection) -> bool:
        fault.hits.append(exchange)
        await asyncio.sleep(fault.value)
        return await self._pass(exchange, connection)

    async def _hold(self, fault: Fault, exchange: Exchange, connection: _Connection) -> bool:
        await fault.gate(exchange)
        return await self._pass(exchange, connection)

    async def _hold_reply(self, fault: Fault, exchange: Exchange, connection: _Connection) -> bool:
        reply = await self._forward(exchange, connection.head)
        await fault.gate(exchange)
        return await self._tell(exchange, connection, reply)

    async def _lose_reply(self, fault: Fault, exchange: Exchange, connection: _Connection) -> bool:
        await self._forward(exchange, connection.head)
        connection.reset()
        fault.hits.append(exchange)
        return False

    async def _straggle(self, fault: Fault, exchange: Exchange, connection: _Connection) -> bool:
        async def wander() -> None:
            with suppress(OSError, TimeoutError):
                await fault.gate(exchange)
                await self._forward(exchange, connection.head)

        task = asyncio.create_task(wander())
        self._stragglers.add(task)
        task.add_done_callback(self._stragglers.discard)
        connection.reset()
        return False

    async def _invent(self, fault: Fault, exchange: Exchange, connection: _Connection) -> bool:
        status, head = ("200 OK", []) if exchange.path == HOTEL else fault.value
        body = PORTAL.encode()
        head = [*head, "Content-Type: text/html", f"Content-Length: {len(body)}", "Cache-Control: no-store"]
        fault.hits.append(exchange)
        await connection.send(status, head, b"" if exchange.method == "HEAD" else body)
        return True

    # ── the way to the server

    async def _forward(self, exchange: Exchange, head: list[str]) -> tuple[str, list[str], bytes]:
        """Status, head and body of the server's answer, over a connection of its own."""
        async with asyncio.timeout(LIMIT):
            reader, writer = await asyncio.open_connection(*self.server, limit=LARGEST)
            try:
                lines = [line for line in head if not line.lower().startswith(("connection:", "keep-alive:"))]
                writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + exchange.body)
                await writer.drain()
                exchange.reached = True
                top = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
                body = await reader.read()
            finally:
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()
        exchange.reply = body
        exchange.status = int(top[0].split(" ")[1])
        lines = [line for line in top[1:] if not line.lower().startswith("connection:")]
        has_body = exchange.method != "HEAD" and exchange.status not in (204, 304)
        if has_body and not (_header(top, "Content-Length") or _header(top, "Transfer-Encoding")):
            lines.append(f"Content-Length: {len(body)}")
        return top[0].partition(" ")[2], lines, body

    async def _tell(self, exchange: Exchange, connection: _Connection, reply: tuple[str, list[str], bytes]) -> bool:
        if connection.reader.at_eof():
            return False
        exchange.heard = True
        await connection.send(*reply)
        return (_header(connection.head, "Connection") or "").lower() != "close"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection(reader, writer)
        if self._is_cut:
            self.refused += 1
            connection.reset()
            return
        task = asyncio.current_task()
        assert task
        self._connections[task] = connection
        try:
            # A cut cancels what is under way; whoever was at the other end has gone, and that is no error of ours.
            with suppress(OSError, TimeoutError, asyncio.CancelledError, asyncio.IncompleteReadError):
                goes_on = True
                while goes_on and (exchange := await connection.request()):
                    goes_on = await self._answer(exchange, connection)
        finally:
            del self._connections[task]
            writer.close()

    async def _answer(self, exchange: Exchange, connection: _Connection) -> bool:
        self.log.append(exchange)
        fault = next((fault for fault in self._faults if fault.fits(exchange)), None)
        if fault is None:
            return await self._pass(exchange, connection)
        fault.taken += 1
        return await fault.act(fault, exchange, connection)

    # ── the thread

    def call(self, act: Callable[..., _T], *arguments: Any) -> _T:
        """Run in the proxy's own thread, and wait until it is done."""

        async def run() -> _T:
            return act(*arguments)

        return self._run(run())

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def _add(self, act: Any, method: str, path: str, times: int | None, value: Any = None) -> Fault:
        fault = Fault(act, self, method, re.compile(path), times, value)
        self.call(self._faults.insert, 0, fault)  # what was asked for last goes first
        return fault

    def _cut(self) -> None:
        self._is_cut = True
        for task, connection in self._connections.items():
            connection.reset()
            task.cancel()

    async def _close(self) -> None:
        self._listener.close()
        self._cut()
        for task in self._stragglers:
            task.cancel()
        await asyncio.gather(*self._connections, *self._stragglers, return_exceptions=True)
        await self._listener.wait_closed()
        await asyncio.sleep(0)  # the transports close themselves in the next round


def _header(lines: list[str], name: str) -> str | None:
    wanted = f"{name.lower()}:"
    return next((line[len(wanted) :].strip() for line in lines if line.lower().startswith(wanted)), None)


def until(condition: Callable[[], object], what: str, seconds: float = 10) -> None:
    """Wait for something that happens outside this thread; fails after ``seconds``."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s in vain: {what}"
        time.sleep(0.02)
