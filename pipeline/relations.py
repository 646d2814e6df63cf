"""Say what a later Federal Register document does to an earlier one: by its words, on evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from pipeline.acts import RULES, Act, Stage, acts, called, reprinted, stage
from pipeline.designations import is_reached, treated
from pipeline.joins import Join, join
from pipeline.model import Relation, RelationKind
from pipeline.papers import Paper, cited, issued_on
from pipeline.titles import designated, keys, stem

INSPECTED = timedelta(days=60)  # from filing to print at the most; numbers were reused over years
NAMES = 200  # canonical names looked up for one document
ON_COMMENTS = frozenset({RelationKind.EXTENDS_COMMENTS, RelationKind.REOPENS_COMMENTS})
_WITHDRAWING = frozenset({RelationKind.WITHDRAWS, RelationKind.WITHDRAWS_IN_PART})


@dataclass(frozen=True, kw_only=True)
class Clues:
    """How a store finds the papers that one may speak of: their canonical names (as
    `pipeline.identifiers` gives them), and the title keys (`pipeline.titles.keys`) they are under."""

    names: tuple[str, ...]
    titles: tuple[str, ...]


def clues(later: Paper) -> Clues:
    """At most `NAMES` names, the surest first, and a handful of title keys."""
    stated = (later.correction_of, reprinted(later.number), later.number, *later.corrections)
    names = (
        *(f"FR Doc. {number}" for number in stated if number),
        *sorted(cited(later.abstract)),
        *(f"RIN {rin}" for rin in later.rins),
        *sorted(later.cites),
    )
    return Clues(names=tuple(dict.fromkeys(names))[:NAMES], titles=keys(later.title))


def related(candidates: Iterable[Paper], later: Paper) -> tuple[Relation, ...]:
    """Relate a document to those its clues found, oldest first.

    Where only a title joins them, a final rule finalises the latest proposal of that title and a
    notice follows the latest of its series: earlier ones had their own.
    """
    papers = sorted(candidates, key=lambda p: (p.published, p.number))
    found = [(each, relation) for each in papers if (relation := relate(each, later))]
    latest: dict[RelationKind, Paper] = {}
    for earlier, relation in found:
        if not _is_named(earlier, later):
            latest[relation.kind] = earlier
    return tuple(
        relation
        for earlier, relation in found
        if relation.kind not in (RelationKind.FINALISES, RelationKind.SAME_SERIES)
        or latest.get(relation.kind) in (earlier, None)
        or _is_named(earlier, later)
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


def _is_named(earlier: Paper, later: Paper) -> bool:
    joined = join(earlier, later)
    return bool(joined and joined.named)


def _is_inspected(earlier: Paper, later: Paper) -> bool:
    return (
        bool(later.number)
        and earlier.number == later.number
        and earlier.document.source != later.document.source
        and later.published - earlier.published <= INSPECTED
    )


def _told(earlier: Paper, later: Paper, joined: Join) -> Iterator[tuple[RelationKind, str]]:
    """Kinds with the words that say so, the first that holds first."""
    before, after = _stage_before(earlier, later, joined), _stage(later)
    done, doing = _acts(earlier), _acts(later)
    is_designation = bool(designated(earlier.title) & designated(later.title))
    is_over = any(act.kind in _WITHDRAWING for act in done) and not is_designation
    if is_over and not (joined.named or doing):
        return  # what was withdrawn is over; a new document of that name begins anew
    if not _other_proposal(earlier, later, joined):
        yield from _finalised(before, after, done, doing, joined)
    for act in doing:
        if not act.proposed and _reaches(act, before, earlier, later, joined):
            yield act.kind, f"it says: “{act.words}”"
    if is_designation:
        yield from treated(earlier, later)
    elif any(act.proposed for act in doing) and joined.named:
        yield RelationKind.SAME_SERIES, "it proposes to change it, and does not yet"
    elif not any(act.in_title for act in doing) and not done:
        yield from _of_series(before, after, joined)


def _finalised(
    before: Stage, after: Stage, done: tuple[Act, ...], doing: tuple[Act, ...], joined: Join
) -> Iterator[tuple[RelationKind, str]]:
    """Whether the later makes final what the earlier proposed, or made for the time being."""
    if {act.kind for act in done if act.proposed} & {a.kind for a in doing if not a.proposed}:
        yield RelationKind.FINALISES, "what the earlier proposed, the later does"
    elif joined.program or not all(_makes_final(act, before) for act in doing):
        return
    elif {act.kind for act in done} - ON_COMMENTS and not joined.named:
        return
    elif before is Stage.PROPOSAL and after in RULES:
        yield RelationKind.FINALISES, f"first a {before}, then the {after}"
    elif before is Stage.INTERIM and after is Stage.FINAL:
        yield RelationKind.FINALISES, f"first an {before}, then the {after}"


def _makes_final(act: Act, before: Stage) -> bool:
    """Whether a rule with such an act may still be the end of a proposal: one to rescind, say."""
    if act.kind not in _WITHDRAWING:
        return False
    return not act.in_title and Stage.PROPOSAL not in act.on and before not in act.on


def _reaches(act: Act, before: Stage, earlier: Paper, later: Paper, joined: Join) -> bool:
    """Whether an act is on that document: of the stage it names, and not on another of the name."""
    if act.on and before and before not in act.on and not _fellow(act, earlier, joined):
        return False
    if joined.apart and not joined.program:
        return False
    if joined.other and not _fellow(act, earlier, joined):
        return False
    if joined.same_title and act.in_title and stem(act.words):
        return False  # "Revocation of …" is what both are called, not what one does to the other
    if joined.program:
        return is_reached(act, earlier, later)
    if act.kind is RelationKind.DELAYS:
        return before not in (Stage.PROPOSAL, Stage.NOTICE) or joined.named
    if act.kind is RelationKind.CORRECTS:
        return joined.named or not any(a.kind is RelationKind.CORRECTS for a in _acts(earlier))
    if act.kind in ON_COMMENTS:
        return before is not Stage.FINAL
    return True


def _fellow(act: Act, earlier: Paper, joined: Join) -> bool:
    """Whether the earlier itself acts on the rule of that title: a first delay, an extension."""
    kinds = {each.kind for each in _acts(earlier) if not each.proposed}
    if not joined.same_title or act.kind is RelationKind.CORRECTS:
        return False
    return act.kind in kinds or (
        act.kind in _WITHDRAWING and bool(kinds & {RelationKind.DELAYS, *ON_COMMENTS})
    )


def _of_series(before: Stage, after: Stage, joined: Join) -> Iterator[tuple[RelationKind, str]]:
    """Editions of one notice or rule; a proposal of a used name joins only what it names."""
    if Stage.PROPOSAL in (before, after) and not joined.named:
        return
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
    return acts(paper.number, paper.title, paper.action, paper.abstract)
