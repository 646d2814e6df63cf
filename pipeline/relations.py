"""Say what a later Federal Register document does to an earlier one: by its words, on evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.acts import (
    RULES,
    WITHDRAWING,
    Act,
    Stage,
    acts,
    called,
    makes_temporary_final,
    reprinted,
    stage,
)
from pipeline.designations import is_reached, treated
from pipeline.joins import Join, join
from pipeline.model import Relation, RelationKind
from pipeline.papers import Paper, dated, issued_on
from pipeline.titles import (
    designated,
    is_ending,
    is_measure,
    is_paperwork,
    keys,
    parts,
    programmes,
    quoted,
    stem,
)

INSPECTED = timedelta(days=60)  # from filing to print at the most; numbers were reused over years
NAMES = 200  # canonical names looked up for one document …
DAYS = 12  # … and days of publication, the latest
ON_COMMENTS = frozenset({RelationKind.EXTENDS_COMMENTS, RelationKind.REOPENS_COMMENTS})
_ONE_AT_A_TIME = frozenset({RelationKind.FINALISES, RelationKind.SAME_SERIES})


@dataclass(frozen=True, kw_only=True)
class Clues:
    """How a store finds the papers that one may speak of.

    `names` are canonical, as `pipeline.identifiers` gives them; `titles` are the keys that
    `pipeline.titles.keys` gives for an earlier paper's title; `days` are days of publication that
    it names: a reworded title is found by nothing else.
    """

    names: tuple[str, ...]
    titles: tuple[str, ...]
    days: tuple[date, ...]


def clues(later: Paper) -> Clues:
    """At most `NAMES` names, the surest first, a handful of title keys, and at most `DAYS` days."""
    stated = (later.correction_of, reprinted(later.number), later.number, *later.corrections)
    names = (
        *(f"FR Doc. {number}" for number in stated if number),
        *sorted(later.cited_in_summary),
        *(f"RIN {rin}" for rin in later.rins),
        *sorted(later.cites),
    )
    days = sorted(dated(f"{later.title}. {later.abstract}"))[-DAYS:]
    names = tuple(dict.fromkeys(names))[:NAMES]
    titles = dict.fromkeys((*keys(later.title), *quoted(later.abstract)))
    return Clues(names=names, titles=tuple(titles), days=tuple(days))


def related(candidates: Iterable[Paper], later: Paper) -> tuple[Relation, ...]:
    """Relate a document to those its clues found, oldest first.

    Where only a title joins them, a final rule finalises the latest proposal of that title and a
    notice follows the latest of its series: earlier ones had their own.
    """
    papers = sorted(candidates, key=_in_time)
    found = [(each, relation) for each in papers if (relation := relate(each, later))]
    latest = {relation.kind: each for each, relation in found if not _acts(each)}
    found = [pair for pair in found if not _is_over(*pair, found)]
    return tuple(
        relation
        for each, relation in found
        if relation.kind not in _ONE_AT_A_TIME
        or _in_time(each) >= _in_time(latest.get(relation.kind, each))
        or _is_named(each, later)
    )


def _is_over(earlier: Paper, relation: Relation, found: Sequence[tuple[Paper, Relation]]) -> bool:
    """Whether a measure that is ended had been renewed since: each edition replaced the last."""
    return relation.kind is RelationKind.WITHDRAWS and any(
        other.kind is relation.kind
        and _in_time(each) > _in_time(earlier)
        and is_measure(earlier.title)
        and programmes(each.title) == programmes(earlier.title)
        for each, other in found
    )


def relate(earlier: Paper, later: Paper) -> Relation | None:
    """What `later` does to `earlier`; None: nothing that we could show a lawyer."""
    if earlier.document == later.document or later.published < earlier.published:
        return None
    if _is_inspected(earlier, later):
        words: tuple[str, ...] = (f"both are FR Doc. {later.number}",)
        return _relation(RelationKind.PUBLISHES, earlier, later, words)
    joined = join(earlier, later)
    if joined is None or (later.published == earlier.published and not joined.named):
        return None
    if told := next(_told(earlier, later, joined), None):
        kind, said = told
        return _relation(kind, earlier, later, (*([said] if said else []), *joined.words))
    return None


def _relation(kind: RelationKind, earlier: Paper, later: Paper, words: tuple[str, ...]) -> Relation:
    return Relation(kind=kind, earlier=earlier.document, later=later.document, evidence=words)


def _in_time(paper: Paper) -> tuple[date, str]:
    return paper.published, paper.number


def _is_named(earlier: Paper, later: Paper) -> bool:
    joined = join(earlier, later)
    return bool(joined and joined.named)


def _is_inspected(earlier: Paper, later: Paper) -> bool:
    return (
        bool(later.number)
        and earlier.number == later.number
        and (earlier.document.source != later.document.source or "inspection" in earlier.kind)
        and later.published - earlier.published <= INSPECTED
    )


def _told(earlier: Paper, later: Paper, joined: Join) -> Iterator[tuple[RelationKind, str]]:
    """Kinds with the words that say so, the first that holds first."""
    before, after = _stage_before(earlier, later, joined), _stage(later)
    done, doing = _acts(earlier), _acts(later)
    is_designation = bool(designated(earlier.title) & designated(later.title))
    is_over = any(act.kind in WITHDRAWING for act in done) and not is_designation
    if is_over and not (joined.named or doing):
        return  # what was withdrawn is over; a new document of that name begins anew
    if not _other_proposal(earlier, later, joined):
        yield from _finalised(before, after, done, doing, joined)
        if before is Stage.TEMPORARY and joined.named and makes_temporary_final(later.abstract):
            yield RelationKind.FINALISES, f"first a {before}, which it makes final"
    for act in doing:
        if not act.proposed and _reaches(act, before, earlier, later, joined):
            yield act.kind, f"it says: “{act.words}”"
    if is_ending(later.title) and not is_ending(earlier.title):
        for programme in sorted(programmes(earlier.title) & programmes(later.title)):
            yield RelationKind.WITHDRAWS, f"its title ends the {programme}"
    if is_designation:
        yield from treated(earlier, later)
    elif any(act.proposed for act in doing) and joined.named:
        yield RelationKind.SAME_SERIES, "it proposes to change it, and does not yet"
    elif not any(act.in_title for act in doing) and not done:
        both_on_paperwork = is_paperwork(earlier.title) and is_paperwork(later.title)
        if joined.same_series or (both_on_paperwork and joined.named):
            yield from _of_series(before, after, joined)


def _finalised(
    before: Stage, after: Stage, done: tuple[Act, ...], doing: tuple[Act, ...], joined: Join
) -> Iterator[tuple[RelationKind, str]]:
    """Whether the later makes final what the earlier proposed, or made for the time being."""
    if {act.kind for act in done if act.proposed} & {a.kind for a in doing if not a.proposed}:
        yield RelationKind.FINALISES, "what the earlier proposed, the later does"
        return
    is_another = bool(done) and not joined.named
    on_comments = any(act.kind in ON_COMMENTS for act in done)  # no proposal, but a word on one
    if (
        joined.program
        or is_another
        or on_comments
        or not all(_makes_final(act, before) for act in doing)
    ):
        return
    if before is Stage.PROPOSAL and after in RULES:
        yield RelationKind.FINALISES, f"first a {before}, then the {after}"
    elif before is Stage.INTERIM and after is Stage.FINAL:
        yield RelationKind.FINALISES, f"first an {before}, then the {after}"


def _makes_final(act: Act, before: Stage) -> bool:
    """Whether a rule with such an act may still be the end of a proposal: one to rescind, say, or
    one whose summary tells of a mistake."""
    if act.kind is RelationKind.CORRECTS:
        return before is Stage.PROPOSAL and not act.in_title
    if act.kind not in WITHDRAWING:
        return False
    return not act.in_title and Stage.PROPOSAL not in act.on and before not in act.on


def _reaches(act: Act, before: Stage, earlier: Paper, later: Paper, joined: Join) -> bool:
    """Whether an act is on that document: of the stage it names, not on another of the name."""
    if joined.program:
        return is_reached(act, earlier, later)
    if joined.apart or _is_name(act, earlier, joined):
        return False
    if act.of and not (joined.named or act.of & {done.kind for done in _acts(earlier)}):
        return False
    is_elsewhere = joined.other or bool(act.on and before and before not in act.on)
    if is_elsewhere and not _fellow(act, earlier, joined):
        return False
    return joined.named or _fits(act, before, earlier)


def _fits(act: Act, before: Stage, earlier: Paper) -> bool:
    """Whether such an act is done to such a document, where only the title says it is that one."""
    if act.kind is RelationKind.DELAYS:
        return before not in (Stage.PROPOSAL, Stage.NOTICE)
    if act.kind is RelationKind.CORRECTS:
        return all(done.kind is not RelationKind.CORRECTS for done in _acts(earlier))
    return act.kind not in ON_COMMENTS or before is not Stage.FINAL


def _is_name(act: Act, earlier: Paper, joined: Join) -> bool:
    """ "Revocation of …" may be what both are called, and not what one does to the other."""
    return not joined.named and act.words in parts(earlier.title) and bool(stem(act.words))


def _fellow(act: Act, earlier: Paper, joined: Join) -> bool:
    """Whether the earlier itself acts on the rule of that title: a first delay, an extension."""
    kinds = {each.kind for each in _acts(earlier) if not each.proposed}
    if not joined.same_title or act.kind is RelationKind.CORRECTS:
        return False
    return act.kind in kinds or (
        act.kind in WITHDRAWING and bool(kinds & {RelationKind.DELAYS, *ON_COMMENTS})
    )


def _of_series(before: Stage, after: Stage, joined: Join) -> Iterator[tuple[RelationKind, str]]:
    """Editions of one notice or rule; a proposal of a used name joins only what it names, and two
    rules are no editions of each other for being called "Immigrant Visas"."""
    if Stage.PROPOSAL in (before, after) and not joined.named:
        return
    if not (RULES & {before, after} and joined.is_short):
        yield RelationKind.SAME_SERIES, ""


def _other_proposal(earlier: Paper, later: Paper, joined: Join) -> bool:
    """Whether the later says of what day the proposal was that it makes final, and this is not it.

    An extension of its comment period is of another day, and names the proposal's.
    """
    if joined.apart:
        return True
    steps = {Stage.PROPOSAL, Stage.INTERIM}
    days = {on for on in issued_on(later.abstract) if called(later.abstract, on) & steps}
    return not joined.named and bool(days) and days.isdisjoint(issued_on(earlier.abstract))


def _stage_before(earlier: Paper, later: Paper, joined: Join) -> Stage:
    """The earlier's stage; what the later calls it counts where its own words leave it open."""
    own = _stage(earlier)
    known = earlier.kind == "proposed-rule" or (earlier.kind == "rule" and bool(earlier.action))
    if known or own in (Stage.NOTICE, Stage.PROPOSAL):
        return own
    said = called(later.abstract, earlier.published) if joined.named else frozenset()
    if len(said) == 1:
        return next(iter(said))
    on = {stage for act in _acts(earlier) if act.kind in ON_COMMENTS for stage in act.on}
    return Stage.PROPOSAL if own is Stage.UNSAID and Stage.PROPOSAL in on else own


def _stage(paper: Paper) -> Stage:
    return stage(paper.kind, paper.title, paper.action, paper.abstract)


def _acts(paper: Paper) -> tuple[Act, ...]:
    """What it does; a proposed rule only proposes a delay, or to rescind what is in force."""
    done = acts(paper.number, paper.title, paper.action, paper.abstract)
    if _stage(paper) is not Stage.PROPOSAL:
        return done
    return tuple(replace(act, proposed=act.proposed or _is_proposed(act, paper)) for act in done)


def _is_proposed(act: Act, paper: Paper) -> bool:
    if act.kind is RelationKind.DELAYS:
        return paper.kind == "proposed-rule"
    is_of_proposal = act.in_title or Stage.PROPOSAL in act.on
    return act.kind in WITHDRAWING and not is_of_proposal
