"""Options that several commands share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Sources = Annotated[
    list[str] | None, typer.Option("--source", "-s", help="Only this source; repeatable.")
]
Topics = Annotated[
    list[str] | None, typer.Option("--topic", "-t", help="Only this topic; repeatable.")
]
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day.")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day.")]
