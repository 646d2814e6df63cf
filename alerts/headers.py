"""The headers of a message that a library of mail may not set in its own way.

Python's folds a long address in brackets as an encoded word, which no mail program follows, decodes
encoded words in what it is given, and can lose the quotes around a name that it folds.
"""

from __future__ import annotations

import re
from email.header import Header
from email.headerregistry import (
    HeaderRegistry,
    UniqueSingleAddressHeader,
    UniqueUnstructuredHeader,
)
from email.policy import SMTP, EmailPolicy
from typing import Any

from pipeline.errors import DeliveryError

_LINE = 998  # octets of a line, RFC 5322 (2.1.1) …
_USUAL = 78  # … of which it asks for no more than these
_WORD = 60  # characters of a word that is folded before
_PLAIN = re.compile(r"[\w!#$%&'*+/=?^`{|}~ -]*", re.ASCII)  # a phrase that needs no quotes
_ENCODED = "=?"  # begins an encoded word (RFC 2047), which a text of ours never is


class _Mailbox(UniqueSingleAddressHeader):
    """From and To: one mailbox, whose name is in quotes or in encoded words where it needs them."""

    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        mailbox = self.address
        name, address = mailbox.display_name, f"<{mailbox.addr_spec}>"
        first = f"{self.name}: {_phrase(name, self.name)}".rstrip()
        is_short = len(first.rpartition("\n")[2]) + len(address) < _USUAL
        both = f"{first} {address}" if is_short else f"{first}\n {address}"
        return _lines(both, policy)


class _Subject(UniqueUnstructuredHeader):
    """A line of text: what looks like an encoded word in it stays what it looks like."""

    name: str

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        super().parse("", kwds)
        kwds["decoded"] = value

    def fold(self, *, policy: EmailPolicy) -> str:
        return _lines(f"{self.name}: {_words(str(self), self.name)}", policy)


class _Addresses(UniqueUnstructuredHeader):
    """Addresses of the web and of mail in brackets, folded between them only (RFC 2369, 2)."""

    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        return _lines(f"{self.name}: {self}".replace(">, <", ">,\n <"), policy)


def _phrase(name: str, header: str) -> str:
    """A name, so that no sign in it is taken for one of the header's own."""
    if _PLAIN.fullmatch(name) or not name.isascii():
        return _words(name, header)
    if _ENCODED in name or len(name) > _USUAL // 2:
        return _encoded(name, header)
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _words(text: str, header: str) -> str:
    """The text as it is, folded between words; or where it isn't plain in encoded words, which hold
    no sign that a header knows."""
    if not text.isascii() or _ENCODED in text:
        return _encoded(text, header)
    if any(len(word) > _WORD for word in text.split(" ")):
        return text  # the library would begin it on a line of its own
    return Header(text, "us-ascii", header_name=header).encode(linesep="\n")


def _encoded(text: str, header: str) -> str:
    return Header(text, "utf-8", header_name=header).encode(linesep="\n")


def _lines(folded: str, policy: EmailPolicy) -> str:
    lines = folded.split("\n")
    if any(len(line) > _LINE for line in lines):
        raise DeliveryError(
            f"the header {lines[0].partition(':')[0]} has a line of more than {_LINE} characters: "
            "shorten [web].address and the addresses under [mail]"
        )
    return policy.linesep.join((*lines, ""))


_registry = HeaderRegistry()
for _name, _kind in {
    "from": _Mailbox,
    "to": _Mailbox,
    "subject": _Subject,
    "list-unsubscribe": _Addresses,
}.items():
    # The registry makes a header of what is not one yet, which the types of the library don't know.
    _registry.map_to_type(_name, _kind)  # type: ignore[arg-type]
POLICY = SMTP.clone(header_factory=_registry)
