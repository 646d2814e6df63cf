"""The one tree of errors: each message names the thing and the next step."""


class LexwatchError(Exception):
    """Anything a user can act on; the command line prints it without a traceback."""


class SettingsError(LexwatchError):
    """A setting is unknown, malformed or out of its allowed range."""


class PageChanged(LexwatchError):
    """A page no longer has the shape its source reads; the page itself is kept."""


class StoreError(LexwatchError):
    """The database cannot be opened, read or written."""


class ModelError(LexwatchError):
    """The embedding model is missing, altered, or not the one the vectors were made with."""


class DeliveryError(LexwatchError):
    """A digest could not be handed over."""


class NotHeld(LexwatchError):
    """What was asked for is not among what we hold; that says nothing about whether it exists."""
