"""A server that takes a request when it is free for one, so that who shares its socket takes the
others: pages are the processor's work, and two in one process take twice as long each."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PATIENCE = 0.15  # seconds after which another is taken all the same: a draft takes longer
BEGINS = 0.02  # seconds in which a line that was taken should say what it asks
REST = 1.0  # seconds after which a line is taken again where none could be, of too many open files

_log = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """Serves one socket; each line carries one request (`Connection: close`)."""

    def __init__(self, config: uvicorn.Config) -> None:
        config.app = self._counted(config.app)
        super().__init__(config)
        self._answering = 0
        self._changed = asyncio.Event()
        self._taking: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        (listener,) = sockets or []
        listener.setblocking(False)
        self._taking = asyncio.create_task(self._take(listener))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._taking:
            self._taking.cancel()
            with suppress(asyncio.CancelledError):
                await self._taking
        await super().shutdown(sockets=sockets)

    async def _take(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._until(lambda: self._answering == 0, PATIENCE)
            try:
                line, _ = await loop.sock_accept(listener)
            except OSError as error:
                _log.warning("no request could be taken: %s", error.strerror)
                await asyncio.sleep(REST)
                continue
            before = self._answering
            await loop.connect_accepted_socket(self._protocol, line)
            await self._until(lambda: self._answering > before, BEGINS)  # noqa: B023 - run at once

    async def _until(self, holds: Callable[[], bool], seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not holds():
                    self._changed.clear()
                    await self._changed.wait()

    def _protocol(self) -> asyncio.Protocol:
        made: Any = self.config.http_protocol_class
        protocol: asyncio.Protocol = made(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol

    def _counted(self, app: Any) -> Callable[..., Awaitable[None]]:
        async def counted(scope: Any, receive: Any, send: Any) -> None:
            self._answering += 1
            self._changed.set()
            try:
                await app(scope, receive, send)
            finally:
                self._answering -= 1
                self._changed.set()

        return counted
