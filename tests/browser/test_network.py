"""The slow network is late by what it was told, and carries every byte in order."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest

from tests.browser.network import Network, slow_network

ROUND_TRIP = 0.1


class Server(ThreadingTCPServer):
    daemon_threads = True  # its end waits for no client


class Echo(BaseRequestHandler):
    def handle(self) -> None:
        while data := self.request.recv(1 << 16):
            self.request.sendall(data)


@pytest.fixture
def network() -> Iterator[Network]:
    with Server(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        with slow_network(server.server_address[1], ROUND_TRIP) as network:
            yield network
        server.shutdown()


@pytest.fixture
def client(network: Network) -> Iterator[socket.socket]:
    with closing(socket.create_connection(("127.0.0.1", network.port), 10)) as client:
        yield client


def answer(client: socket.socket, data: bytes) -> bytes:
    client.sendall(data)
    return received(client, len(data))


def received(client: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += client.recv(1 << 16)
    return data


def test_an_answer_takes_a_round_trip_and_the_first_one_another(network: Network) -> None:
    start = time.monotonic()  # before it is connected, which is on its way by itself
    with closing(socket.create_connection(("127.0.0.1", network.port), 10)) as client:
        assert answer(client, b"first") == b"first"
        connected = time.monotonic()
        assert answer(client, b"second") == b"second"
    assert connected - start >= 2 * ROUND_TRIP
    assert time.monotonic() - connected >= ROUND_TRIP


def test_what_is_sent_together_is_late_together(client: socket.socket) -> None:
    answer(client, b"connected")
    start = time.monotonic()
    for _ in range(50):
        client.sendall(b"x")
        time.sleep(0.001)
    assert received(client, 50) == 50 * b"x"
    assert ROUND_TRIP <= time.monotonic() - start < 10 * ROUND_TRIP


def test_many_bytes_come_whole_and_in_order_while_the_delay_falls(
    network: Network, client: socket.socket
) -> None:
    data = bytes(range(256)) * 8192
    sending = threading.Thread(target=client.sendall, args=(data,))
    sending.start()
    network.delay = 0.0
    assert received(client, len(data)) == data
    sending.join()


def test_an_end_is_carried_too(client: socket.socket) -> None:
    answer(client, b"connected")
    client.sendall(b"last words")
    client.shutdown(socket.SHUT_WR)
    assert received(client, 10) == b"last words"
    assert client.recv(1) == b""
