"""Column types: moments in UTC, and nouns packed as compressed JSON."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from pydantic import TypeAdapter

UNPACKED = 500  # nouns kept: a page asks for one text up to five times, some 15 MB of them


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC; a naive one is refused: nobody could say when it was."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        moment = value.astimezone(UTC)
        # SQLite has no time zones: it keeps the UTC wall clock, and we put the zone back.
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given by SQLAlchemy
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Packed(TypeDecorator[Any]):
    """Any noun, or tuple of nouns, as zlib-compressed JSON; pydantic checks it on the way back."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape  # part of the statement cache's key

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - as above
        return None if value is None else zlib.compress(_adapter(self.shape).dump_json(value), 6)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:  # noqa: ARG002 - as above
        return None if value is None else _unpacked(self.shape, value)


@lru_cache(UNPACKED)
def _unpacked(shape: Any, packed: bytes) -> Any:
    """Known by what is packed, so that it is never stale; frozen, so that who shares it is safe."""
    return _adapter(shape).validate_json(zlib.decompress(packed))


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    # Made when a column is first read or written: no question needs the shapes of all.
    from pydantic import TypeAdapter  # noqa: PLC0415 - as above

    return TypeAdapter(shape)
