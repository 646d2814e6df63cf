"""The command that shows the office's pages, and answers at the signed addresses."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.errors import SettingsError

if TYPE_CHECKING:
    import socket

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
    answer(context.obj)


def answer(app: App) -> None:
    """Answer at the port of the settings until told to stop (Ctrl-C, SIGTERM); what is being
    answered then is answered."""
    from lexwatch.web import warming

    port = app.settings.web.port
    logging.basicConfig(format="%(asctime)s %(message)s")
    logging.getLogger("lexwatch.web").setLevel(logging.INFO)
    with _listening(port) as listener:
        running = server(app)
        typer.echo(f"Answering at http://{HERE}:{port}; Ctrl-C stops.", err=True)
        # uvicorn stops in good order and passes on what stopped it, unless that is ignored here.
        with suppress(KeyboardInterrupt), warming.of(app).at_work():
            running.run(sockets=[listener])
        typer.echo("Stopped.", err=True)


def server(app: App) -> Any:
    """The server, which keeps no log of paths, since they hold tokens, and believes nothing that a
    client says of where it comes from."""
    import uvicorn

    from lexwatch.web.app import create

    return uvicorn.Server(
        uvicorn.Config(
            create(app),
            http="h11",
            ws="none",
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            lifespan="off",
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
