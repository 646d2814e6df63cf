"""The one tree of errors: each message names the thing and the next step."""

_BEFORE, _AFTER = 40, 36  # characters of a query that are shown around a mistake


class LexwatchError(Exception):
    """Anything a user can act on; the command line prints it without a traceback, and exits with
    `exit_code`."""

    exit_code = 1


class SettingsError(LexwatchError):
    """A setting is unknown, malformed or out of its allowed range."""


class PageChanged(LexwatchError):
    """A page no longer has the shape its source reads; the page itself is kept."""


class StoreError(LexwatchError):
    """The database cannot be opened, read or written."""


class Damaged(StoreError):
    """The database's own file is damaged: the schedule knows it by how the command exits."""

    exit_code = 4


class ModelError(LexwatchError):
    """The embedding model is missing, altered, or not the one the vectors were made with."""


class DeliveryError(LexwatchError):
    """A digest could not be handed over."""


class QueryError(LexwatchError):
    """Terms and connectors that can't be read: `problem`, at the character `at` of `query`.

    Shown as three lines: the problem with what to type instead, the query, a caret under the place.
    """

    def __init__(self, problem: str, query: str, at: int) -> None:
        self.problem, self.query, self.at = problem, query, at
        begin = max(0, min(at, len(query)) - _BEFORE)
        line = "".join(each if each.isprintable() else " " for each in query[begin : at + _AFTER])
        super().__init__(f"{problem}\n  {line}\n  {' ' * (at - begin)}^")


class NotHeld(LexwatchError):
    """What was asked for is not among what we hold; that says nothing about whether it exists."""


class StampError(LexwatchError):
    """A time stamp could not be had, or does not say what it should."""
