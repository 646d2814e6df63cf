"""The command that shows the office's pages, and answers at the signed addresses."""

from __future__ import annotations

import logging
import os
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lexwatch.commands.scheduling import settings_file
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from types import FrameType

    from lexwatch.app import App

HERE = "127.0.0.1"
PATIENCE = 10  # seconds that what is being answered may still take when told to stop


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Where to answer: this machine only.")] = HERE,
) -> None:
    """Show the office's pages on this machine; answer the links in mails, calendars and feeds.

    The pages are for this machine alone. What mails link to a reverse proxy of yours shows to the
    world under [web].address; docs/alerts.md has one.

    Example: `lexwatch serve`
    """
    if host != HERE:
        raise SettingsError(
            f"lexwatch serve answers at {HERE} only, not at {host}, until there are accounts: let "
            "a reverse proxy on this machine forward to it (docs/alerts.md)"
        )
    answer(context.obj, settings_file(context))


def answer(app: App, config: str | None) -> None:
    """Answer at the port of the settings until told to stop (Ctrl-C, SIGTERM); what is being
    answered then is answered. The schedule runs beside it, with the settings file `config`."""
    from lexwatch.schedule.running import alongside

    # Read when numpy is first imported. Of a question's few rows several threads of OpenBLAS make
    # half the work again, for they wait by turning: the processors have other questions to answer.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    port = app.settings.web.port
    logging.basicConfig(format="%(asctime)s %(message)s")
    logging.getLogger("lexwatch.web").setLevel(logging.INFO)
    with _ended(), _listening(port) as listener:
        # Entered first: where several processes answer, they are made before there is any thread.
        with _answering(app, listener) as wait, alongside(app, config):
            typer.echo(f"Answering at http://{HERE}:{port}; Ctrl-C stops.", err=True)
            with suppress(KeyboardInterrupt):
                wait()
        typer.echo("Stopped.", err=True)


@contextmanager
def _answering(app: App, listener: socket.socket) -> Iterator[Callable[[], None]]:
    """Answer at a socket, in one process or in several; what is yielded waits until that ends."""
    from lexwatch.web import making, warming, workers

    running = server(app, is_alone=workers.count(app) == 1)

    def answer(socket: socket.socket) -> None:
        with suppress(SystemExit):  # uvicorn passes on what stopped it
            running.run(sockets=[socket])
        making.finish()

    if workers.count(app) > 1:
        with workers.at_work(app, listener, answer, warming.of(app)) as wait:
            yield wait
    else:
        with warming.of(app).at_work():
            yield lambda: running.run(sockets=[listener])


@contextmanager
def _ended() -> Iterator[None]:
    """Let SIGTERM end the process only after all within has ended in good order."""
    told = []

    def tell(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        raise KeyboardInterrupt

    earlier = signal.signal(signal.SIGTERM, tell)
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, earlier)
    if told:
        signal.raise_signal(signal.SIGTERM)


def server(app: App, *, is_alone: bool = True) -> Any:
    """The server, which keeps no log of paths, since they hold tokens, and believes nothing that a
    client says of where it comes from. Where it is not alone each request comes over a line of its
    own, so that whoever is free takes it."""
    import uvicorn

    from lexwatch.web import taking
    from lexwatch.web.app import create

    return (uvicorn.Server if is_alone else taking.Server)(
        uvicorn.Config(
            create(app),
            http="h11",
            ws="none",
            access_log=False,
            log_config=None,  # what it logs goes where ours does (`lexwatch/logs.py`)
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            headers=[] if is_alone else [("Connection", "close")],
            limit_concurrency=64,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=PATIENCE,
            h11_max_incomplete_event_size=16_384,
        )
    )


def _listening(port: int) -> socket.socket:
    import socket

    try:
        return socket.create_server((HERE, port), backlog=128)
    except OSError as error:
        raise SettingsError(
            f"cannot answer at port {port} of this machine ({error.strerror}): if another "
            "`lexwatch serve` runs, stop it; else set another [web].port"
        ) from error
