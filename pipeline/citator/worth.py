"""Say what is true of an authority wherever a draft cites it: whether it is held, and what became
of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pipeline.calendar import spelled
from pipeline.citator.caution import lacking
from pipeline.citator.held import Authority, Moved
from pipeline.citator.misnamed import renumbered
from pipeline.citator.model import Coverage, StatusKind
from pipeline.citator.verdict import Verdict, VerdictKind
from pipeline.model import Citation, RelationKind

PRECEDENTS = "about 4,150"  # precedent decisions in volumes 1 to 29 of the I&N reporter
_CASES = frozenset({"case_reporter", "case_short", "interim_decision"})
NOTHING_DONE = "nothing found that strikes, limits or replaces it"
_STATUTES = frozenset({"ina", "usc", "public_law"})
_ACTING = frozenset(RelationKind) - {
    RelationKind.SAME_SERIES,
    RelationKind.PUBLISHES,
    RelationKind.EXTENDS_COMMENTS,
    RelationKind.REOPENS_COMMENTS,
}


_OF_STATUS = {
    StatusKind.NEGATIVE: VerdictKind.NEGATIVE,
    StatusKind.NEGATIVE_IN_PART: VerdictKind.NEGATIVE,
    StatusKind.CONTESTED: VerdictKind.CONTESTED,
    StatusKind.REINSTATED: VerdictKind.REINSTATED,
    StatusKind.ACTED_ON: VerdictKind.ACTED_ON,
    StatusKind.ELSEWHERE: VerdictKind.ABROAD,
    StatusKind.NONE_FOUND: VerdictKind.NONE_FOUND,
}


def worth(
    authority: Authority, citation: Citation, coverage: Coverage, since: date | None
) -> Iterator[Verdict]:
    """Whether an authority is held, its status, what later documents did to it, and whether its
    text changed since a day; None: when it last did."""
    yield _holding(authority, citation, coverage)
    yield from _treated(authority, coverage, is_case=citation.kind in _CASES)
    yield from _acted_on(authority)
    yield from _changed(authority, since)


def _holding(authority: Authority, citation: Citation, coverage: Coverage) -> Verdict:
    if authority.versions:
        held = "; ".join(_called(version.title, version.citation) for version in authority.versions)
        part = ", of which it is a part" if authority.is_within else ""
        form = authority.versions[0].metadata.get("text", "")
        how = f" ({form})" if form and form != "full text" else ""
        return Verdict(kind=VerdictKind.HELD, words=f"we hold {held}{part}{how}")
    return Verdict(kind=VerdictKind.NOT_HELD, words=_not_held(authority, citation, coverage))


def _not_held(authority: Authority, citation: Citation, coverage: Coverage) -> str:
    """What we don't hold, and what we do: never that it doesn't exist."""
    kind, meant = citation.kind, renumbered(authority, citation)
    words = f"we don't hold {authority.canonical}"
    if " I&N Dec. " in authority.canonical or kind == "interim_decision":
        volume = authority.canonical.partition(" ")[0]
        held = next((each for each in coverage.volumes if str(each[0]) == volume), None)
        of_it = (
            f"of volume {volume} {held[1]}, from page {held[2]} to page {held[3]}"
            if held
            else f"of volume {volume} none"
        )
        rest = f"of {PRECEDENTS} precedents we hold {coverage.decisions:,}, {of_it}"
    elif kind in _CASES:
        rest = "court decisions are not held as a rule"
    elif kind in _STATUTES:
        rest = "statutes are not held as a rule"
    else:
        rest = "nothing that we hold goes by it, which says nothing about what it is worth"
    called = [each for each in authority.called if each.name][:3]
    names = "; ".join(_called(each.name, each.court) for each in called)
    cited = f". Held documents cite it as {names}" if names else ""
    held_too = [each for each in authority.namesakes if each.is_held and each not in meant][:4]
    same = "; ".join(f"{each.name}, {each.canonical} ({each.court})" for each in held_too)
    namesakes = f". Of that name we hold {same}" if same else ""
    return f"{words}: {rest}{cited}{namesakes}"


def _called(title: str, citation: str) -> str:
    return f"{title}, {citation}" if title and citation else title or citation


def _treated(authority: Authority, coverage: Coverage, *, is_case: bool) -> Iterator[Verdict]:
    """Its status. That nothing was found is said once for the whole draft with all that it rests
    on, and of each authority only what is its own; a statute or a rule is not said to be treated.
    """
    status = authority.status
    if status is not None:
        words = status.line
        if status.kind is StatusKind.NONE_FOUND:
            none = str(VerdictKind.NONE_FOUND) if is_case else NOTHING_DONE
            words = "; ".join(filter(None, (none, lacking(authority.canonical, coverage))))
        yield Verdict(kind=_OF_STATUS[status.kind], words=words, status=status)
        if any(warning.relies for warning in status.warnings):
            yield Verdict(
                kind=VerdictKind.DERIVED,
                words="our inference, which no document states: an authority that it relies on was "
                "treated negatively",
                status=status,
            )


def _acted_on(authority: Authority) -> Iterator[Verdict]:
    documents = [version.document for version in authority.versions]
    acts = tuple(
        each for each in authority.relations if each.earlier in documents and each.kind in _ACTING
    )
    if acts:
        kinds = ", ".join(dict.fromkeys(each.kind.value.replace("-", " ") for each in acts))
        yield Verdict(
            kind=VerdictKind.ACTED_ON,
            words=f"later documents or courts acted on it ({kinds})",
            relations=acts,
        )
    if authority.removed:
        yield Verdict(
            kind=VerdictKind.REMOVED,
            words=f"its site no longer showed it on {spelled(authority.removed)}; what we hold is "
            "the last text that it showed",
        )


def _changed(authority: Authority, since: date | None) -> Iterator[Verdict]:
    """Whether a text that lives on changed since a day, or when it last did."""
    if not authority.lives_on or authority.first_read is None:
        return
    moved = [each for each in authority.moved if since is None or each.on >= since]
    if since is None:
        last = f"changed last on {spelled(moved[-1].on)}" if moved else "has not changed"
        yield Verdict(
            kind=VerdictKind.LAST_CHANGED,
            words=f"in what we hold its text {last}; first read on {spelled(authority.first_read)}",
        )
    elif moved:
        yield Verdict(kind=VerdictKind.CHANGED, words=_moves(moved, since))
    elif authority.first_read <= since:
        yield Verdict(
            kind=VerdictKind.LAST_CHANGED,
            words=f"no change of its text was seen since {spelled(since)}",
        )
    if since is not None and authority.first_read > since:
        yield Verdict(
            kind=VerdictKind.CHANGE_UNKNOWN,
            words=f"we first read it on {spelled(authority.first_read)}: whether its text changed "
            f"between {spelled(since)} and then is not known here",
        )


def _moves(moved: Sequence[Moved], since: date) -> str:
    said = "; ".join(f"{spelled(each.on)}: {each.summary}" for each in moved)
    return f"its text changed in substance since {spelled(since)}. Seen on {said}"
