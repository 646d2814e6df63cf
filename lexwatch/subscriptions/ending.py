"""How readers stop being sent what they were, and are sent it again."""

from __future__ import annotations

from index import subscriptions, suppressions
from lexwatch.allowed import mail_address
from lexwatch.app import App
from pipeline.errors import SettingsError
from pipeline.subscription import Reason, Subscription, Suppression

_CODE = 19  # digits, more than numbers of a database have


def end(app: App, whom: str) -> Subscription | Suppression:
    """End the subscription of a number, or send nothing to an address any more; in place of an
    address the code that stands in the subject of a mail which asks for that."""
    if whom.isdecimal() and len(whom) < _CODE:
        return subscriptions.end(app.database, int(whom), app.clock())
    address, at = _address(whom if "@" in whom else _signed(app, whom)), app.clock()
    return suppressions.suppress(
        app.database, address, Reason.UNSUBSCRIBED, at, "`lexwatch unsubscribe`"
    )


def bounce(app: App, address: str, said: str) -> Suppression:
    """Send nothing to an address from which mail came back; `said` by the mail server."""
    at = app.clock()
    return suppressions.suppress(app.database, _address(address), Reason.BOUNCED, at, said.strip())


def lift(app: App, address: str, reason: Reason) -> Suppression:
    """Send to an address again. Raises `NotHeld` where `reason` is not why nothing was sent."""
    if address.isdecimal():
        raise SettingsError(
            f"--lift takes an address, not the number {address}: a subscription that has ended is "
            "made anew with `lexwatch subscribe`"
        )
    return suppressions.lift(app.database, _address(address), reason)


def _address(given: str) -> str:
    try:
        return mail_address(given.strip())
    except ValueError as error:
        raise SettingsError(f"{given!r} is not {error}") from error


def _signed(app: App, code: str) -> str:
    from alerts.tokens import Purpose, TokenRefused, read  # noqa: PLC0415 - most give an address
    from lexwatch.alerting import signed  # noqa: PLC0415 - as above

    try:
        return read(signed.key(app), Purpose.UNSUBSCRIBE, code.strip().removeprefix("unsubscribe "))
    except TokenRefused as error:
        raise SettingsError(
            f"{code!r} is no address, no number of a subscription (`lexwatch subscriptions` lists "
            "them) and no code of ours: copy that whole, out of the newest mail"
        ) from error
