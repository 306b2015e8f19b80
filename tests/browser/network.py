"""A slow network between a browser and a server: whatever is sent arrives late, nothing is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from tests.browser.host import PATIENCE

Late = asyncio.Queue[tuple[float, bytes]]  # when it arrives, and what; nothing at the end


class Network:
    """A port in front of a server's. `delay`, the seconds of a round trip, may change."""

    def __init__(self, server_port: int, delay: float) -> None:
        self.delay = delay
        self.port = 0
        self._server_port = server_port
        self._open, self._ended = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def start(self) -> None:
        self._thread.start()
        if not self._open.wait(PATIENCE):
            raise RuntimeError("the slow network did not open")

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(PATIENCE)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        listening = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = listening.sockets[0].getsockname()[1]
        self._open.set()
        await self._ended.wait()
        listening.close()

    async def _connect(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        """One connection, which costs a round trip before its first byte, as TCP's do."""
        try:
            await asyncio.sleep(self.delay)
            server, to_server = await asyncio.open_connection("127.0.0.1", self._server_port)
            with closing(to_server):
                await asyncio.gather(self._carry(client, to_server), self._carry(server, to_client))
        except (OSError, asyncio.CancelledError):
            pass  # the server has gone, or the network ends: so does the connection
        finally:
            to_client.close()

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """One direction of a connection, until its source ends."""
        late: Late = asyncio.Queue()
        delivering = asyncio.create_task(self._deliver(late, sink))
        with suppress(OSError):
            while data := await source.read(1 << 16):
                late.put_nowait((self._loop.time() + self.delay / 2, data))
        late.put_nowait((self._loop.time() + self.delay / 2, b""))
        await delivering

    async def _deliver(self, late: Late, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):  # the other side has gone
            while True:
                due, data = await late.get()
                await asyncio.sleep(max(0.0, due - self._loop.time()))
                if not data:
                    break
                sink.write(data)
                await sink.drain()
            sink.write_eof()


@contextmanager
def slow_network(server_port: int, delay: float) -> Iterator[Network]:
    """A network that is open within the block."""
    network = Network(server_port, delay)
    network.start()
    try:
        yield network
    finally:
        network.end()
