"""The broken network itself: each fault does what it is called."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection, RemoteDisconnected
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.faults.proxy import HOTEL, PORTAL, Proxy, until

GONE = (ConnectionError, RemoteDisconnected)


class Counter(BaseHTTPRequestHandler):
    """Answers with what it was sent, and remembers the order."""

    protocol_version = "HTTP/1.1"
    came: list[str]

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))) or self.path.encode()
        self.came.append(body.decode())
        self.send_response(200)
        if self.path != "/endless/":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_HEAD = answer

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def came() -> list[str]:
    return []


@pytest.fixture
def proxy(came) -> Iterator[Proxy]:
    handler = type("Handler", (Counter,), {"came": came})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        with Proxy(f"http://127.0.0.1:{server.server_port}") as proxy:
            yield proxy
        server.shutdown()


@pytest.fixture
def connect(proxy):
    """Make a connection to the proxy that is kept alive."""
    made: list[HTTPConnection] = []

    def connection() -> HTTPConnection:
        made.append(HTTPConnection("127.0.0.1", proxy.port, timeout=5))
        return made[-1]

    yield connection
    for one in made:
        one.close()


@pytest.fixture
def later(connect):
    """Post in a thread: a future of (status, body)."""
    with ThreadPoolExecutor() as pool:
        yield lambda body, path="/": pool.submit(post, connect(), body, path)


def post(connection: HTTPConnection, body: str = "x", path: str = "/") -> tuple[int, str]:
    connection.request("POST", path, body)
    reply = connection.getresponse()
    return reply.status, reply.read().decode()


def get(connection: HTTPConnection, path: str, method: str = "GET") -> tuple[int, str]:
    connection.request(method, path)
    reply = connection.getresponse()
    return reply.status, reply.read().decode()


def is_lost(future: Future[tuple[int, str]]) -> bool:
    return isinstance(future.exception(timeout=5), GONE)


def test_without_a_fault_everything_passes_over_one_connection(proxy, connect, came):
    connection = connect()
    assert [post(connection, body) for body in ("a", "b", "c")] == [(200, "a"), (200, "b"), (200, "c")]
    assert [(one.body, one.status, one.reply, one.heard) for one in proxy.seen("POST", "/")] == [
        (body, 200, body, True) for body in (b"a", b"b", b"c")
    ]
    assert came == ["a", "b", "c"]


def test_an_answer_without_a_length_and_one_without_a_body_leave_the_connection_usable(connect):
    connection = connect()
    assert get(connection, "/endless/") == (200, "/endless/")
    assert get(connection, "/head/", "HEAD") == (200, "")
    assert get(connection, "/after/") == (200, "/after/")


def test_a_cut_ends_connections_that_are_kept_alive_and_refuses_new_ones_until_mended(proxy, connect, came):
    connection = connect()
    post(connection, "before")
    proxy.cut()
    with pytest.raises(GONE):
        post(connection, "on the old connection")
    with pytest.raises(GONE):
        post(connect(), "on a new one")
    proxy.mend()
    assert post(connect(), "after") == (200, "after")
    assert (proxy.refused, came) == (1, ["before", "after"])


def test_a_cut_ends_what_is_held_before_the_server_hears_of_it(proxy, connect, later, came):
    fault = proxy.hold()
    request = later("held")
    fault.wait()
    proxy.cut()
    assert is_lost(request)
    fault.release()
    fault.lift()
    proxy.mend()
    post(connect(), "after")
    assert came == ["after"]


def test_a_fault_meets_the_requests_it_names_and_so_many_of_them(proxy, connect, came):
    fault = proxy.refuse("POST", "^/items/1/$", times=1)
    assert post(connect(), "other", "/items/11/") == (200, "other")
    assert get(connect(), "/items/1/") == (200, "/items/1/")
    with pytest.raises(GONE):
        post(connect(), "first", "/items/1/")
    assert post(connect(), "second", "/items/1/") == (200, "second")
    assert (len(fault.hits), came) == (1, ["other", "/items/1/", "second"])


def test_a_lifted_fault_happens_no_more(proxy, connect):
    fault = proxy.fail(503)
    assert post(connect())[0] == 503
    fault.lift()
    assert post(connect())[0] == 200


def test_a_hanging_request_is_never_answered_and_never_reaches_the_server(proxy, connect, came):
    fault = proxy.hang(times=1)
    connection = connect()
    connection.timeout = 0.2
    with pytest.raises(TimeoutError):
        post(connection)
    assert (len(fault.hits), came) == (1, [])


def test_a_delayed_request_is_overtaken(proxy, connect, later, came):
    fault = proxy.delay(0.3, times=1)
    slow = later("slow")
    fault.wait()
    post(connect(), "quick")
    assert slow.result(5) == (200, "slow")
    assert came == ["quick", "slow"]


def test_a_lost_reply_was_the_servers_answer_all_the_same(proxy, connect, came):
    proxy.lose_reply(times=1)
    with pytest.raises(GONE):
        post(connect(), "work")
    assert came == ["work"]
    assert [(one.reached, one.status, one.heard) for one in proxy.log] == [(True, 200, False)]


def test_held_requests_go_on_in_the_order_of_their_release(proxy, later, came):
    fault = proxy.hold()
    replies = []
    for number, body in enumerate(("first", "second", "third"), start=1):
        replies.append(later(body))
        fault.wait(number)
    second = fault.hits[1]
    fault.release(second)
    assert replies[1].result(5) == (200, "second")
    assert came == ["second"]
    fault.release()
    assert [reply.result(5)[1] for reply in replies] == ["first", "second", "third"]


def test_a_held_reply_is_in_the_log_before_it_is_heard(proxy, later, came):
    fault = proxy.hold_reply()
    reply = later("done")
    fault.wait()
    assert (came, fault.hits[0].status, fault.hits[0].heard) == (["done"], 200, False)
    fault.release()
    assert reply.result(5) == (200, "done")


def test_a_straggler_arrives_after_its_connection_was_cut_and_another_request_was_answered(proxy, connect, came):
    fault = proxy.straggle(times=1)
    with pytest.raises(GONE):
        post(connect(), "old")
    post(connect(), "new")
    assert came == ["new"]
    fault.release()
    until(lambda: fault.hits[0].status, "the straggler's answer")
    assert came == ["new", "old"]


def test_a_captive_portal_answers_for_everything(proxy, connect, came):
    proxy.captive()
    assert post(connect()) == (200, PORTAL)
    assert get(connect(), "/attempts/", "HEAD") == (200, "")
    assert came == []


def test_a_captive_portal_may_send_elsewhere(proxy, connect, came):
    proxy.redirect()
    connection = connect()
    connection.request("GET", "/")
    reply = connection.getresponse()
    assert (reply.status, reply.headers["Location"]) == (302, f"http://localhost:{proxy.port}{HOTEL}")
    reply.read()
    assert get(connection, HOTEL) == (200, PORTAL)
    assert came == []


def test_what_was_asked_for_last_goes_first_and_clear_ends_it_all(proxy, connect, later, came):
    held = proxy.hold()
    waiting = later("waiting")
    held.wait()
    proxy.fail(500)
    assert post(connect())[0] == 500
    proxy.clear()
    assert waiting.result(5) == (200, "waiting")
    assert post(connect(), "free") == (200, "free")
