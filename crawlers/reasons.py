"""Say in one line why a page could not be read, and what to do about it."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

TOO_LARGE = "its body is over the size limit; raise that setting if it is genuine"
_ANSWERS = {
    401: "access refused; open the address in a browser and, if it opens, ask the publisher",
    403: "access refused; open the address in a browser and, if it opens, ask the publisher",
    404: "not found; no evidence of removal: check whether the publisher moved the page",
    410: "gone, it says; no evidence of removal: check whether the publisher moved the page",
    429: "too many requests, it says; raise this source's delay and run again later",
}
_FAULTS: dict[type[BaseException], str] = {
    CannotResolveHostError: "its host name could not be resolved; check the network and run again",
    DownloadConnectionRefusedError: "the connection was refused; check the network and run again",
    DownloadTimeoutError: "no whole answer in time; run again, or raise the timeout setting",
    DownloadCancelledError: TOO_LARGE,
    ResponseDataLossError: "its body broke off on the way; run again",
}


def answered(status: int) -> str:
    """For an answer other than 200."""
    if status in _ANSWERS:
        return f"answered {status}: {_ANSWERS[status]}"
    if status >= 500:
        return f"answered {status}: the publisher's server fails; run again later"
    return f"answered {status}: only 200 is read; open the address to see what it has become"


def missed(error: BaseException) -> str:
    """For an answer that never came, or was refused."""
    if isinstance(error, IgnoreRequest):
        return str(error)
    for kind, advice in _FAULTS.items():
        if isinstance(error, kind):
            return advice
    if "certificate verify failed" in str(error):
        return "its certificate cannot be verified; see whether something stands between us and it"
    return f"no answer ({type(error).__name__}: {error}); check the network and run again"
