"""The mail to whoever looks after lexwatch: what ails it, what that means, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from types import MappingProxyType

from alerts import press, untrusted, wording
from alerts.render import Rendered
from alerts.ways import Ways
from pipeline.trouble import Trouble, TroubleKind

SUBJECT = 120  # characters of one trouble in a subject
BRIEF = 5  # troubles told over a channel; the rest are counted


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What an operator is told at a moment: what ails, with the new first, and what is solved.
    `zone` is the office's."""

    at: datetime
    zone: tzinfo
    open: tuple[Trouble, ...]
    ended: tuple[Trouble, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What a trouble means for readers, and what to do: each a sentence, with the commands in it.
    {name} stands for what it is about."""

    means: str
    steps: tuple[str, ...]


ADVICE: Mapping[TroubleKind, Advice] = MappingProxyType(
    {
        TroubleKind.FAILING: Advice(
            means="Nothing of it was taken in since. Digests say that it was not read.",
            steps=(
                "`lexwatch sources` shows what the last run said.",
                "`lexwatch crawl {name}` tries again now.",
                "If the site answers in a browser and not here, look at this machine’s network, "
                "and at [origins] in the settings.",
            ),
        ),
        TroubleKind.BLOCKED: Advice(
            means=(
                "lexwatch leaves such a publisher alone and does not get around the wall: nothing "
                "of it is taken in. Digests say that it was not read."
            ),
            steps=(
                "Ask the publisher to admit lexwatch, naming the address under crawl.contact and "
                "the pace, which `lexwatch sources` and docs/sources.md state.",
                "`lexwatch crawl {name}` looks whether the wall is gone.",
            ),
        ),
        TroubleKind.CHANGED: Advice(
            means=(
                "The pages are kept as they were served; what can’t be read with confidence was "
                "not taken in. Digests say that the source was not read completely."
            ),
            steps=(
                "Compare the kept pages with the site: `lexwatch serve`, Sources, its own page.",
                "If the site is right as it is, `lexwatch crawl {name} --accept` takes it in.",
                "If its layout is new, lexwatch must learn it: update lexwatch, then "
                "`lexwatch crawl {name}`.",
            ),
        ),
        TroubleKind.SILENT: Advice(
            means=(
                "It was read, and nothing new came for longer than is normal. It may be quiet; its "
                "list may also have moved. Digests say so."
            ),
            steps=(
                "Look at the site, whether it has something newer.",
                "`lexwatch crawl {name} --whole` reads all of it.",
            ),
        ),
        TroubleKind.LATE: Advice(
            means="What it published since is not known here. Digests name when it was last read.",
            steps=(
                "`lexwatch schedule --list` shows whether its job is planned, and how it ended.",
                "`lexwatch crawl {name}` reads it now.",
            ),
        ),
        TroubleKind.JOB: Advice(
            means="What this job does was not done, or not all of it.",
            steps=(
                "`lexwatch schedule --list` shows what it said last; logs/lexwatch.log in the data "
                "folder has more.",
                "`lexwatch {name}` runs it by hand, and says what hinders it.",
                "`lexwatch doctor` looks through everything, and says what to do.",
            ),
        ),
        TroubleKind.MISSED: Advice(
            means="Nobody ran it: the machine or the schedule was off; it is too late for it now.",
            steps=(
                "`lexwatch schedule --list` shows when it is due again.",
                "`lexwatch {name}` runs it by hand.",
                "`lexwatch doctor` says whether a schedule runs.",
            ),
        ),
        TroubleKind.DISK: Advice(
            means="When it is full nothing more can be read, sent or backed up.",
            steps=(
                "`lexwatch doctor` says how much is needed.",
                "Keep backups on another disk ([backup] folder), or make room.",
            ),
        ),
        TroubleKind.BACKUP: Advice(
            means=(
                "If this disk fails, what was captured since can’t be had again: publishers change "
                "their pages."
            ),
            steps=("`lexwatch backup` makes one now, and says what hinders it.",),
        ),
        TroubleKind.MAIL: Advice(
            means="Who should have had these letters has not received them.",
            steps=(
                "`lexwatch sent` names them, and what the mail server said.",
                "`lexwatch doctor` tries the mail server without sending anything.",
                "`lexwatch digest` tries again.",
            ),
        ),
        TroubleKind.GIVEN_UP: Advice(
            means=(
                "Who should have had these letters was not sent them, and lexwatch tries no more. "
                "What a digest would have told stands in the next that arrives."
            ),
            steps=(
                "`lexwatch sent` names them, and what the mail server said.",
                "`lexwatch sent --again NUMBER` sends one once more.",
            ),
        ),
        TroubleKind.STORE: Advice(
            means="Nothing can be looked up, read or sent.",
            steps=(
                "`lexwatch doctor` says what is wrong with it.",
                "`lexwatch restore` puts the newest backup back.",
            ),
        ),
        TroubleKind.RECORD: Advice(
            means=(
                "What was captured was altered after it was kept, by somebody or by the disk. The "
                "record of those captures proves nothing, and nothing is purged meanwhile."
            ),
            steps=(
                "Copy the data folder as it is to another disk, before anything else.",
                '`lexwatch hold "the record does not hold"` keeps everything until you release it.',
                "`lexwatch verify` names each capture; `lexwatch restore` puts back a backup from "
                "before, and `lexwatch verify` then shows whether that one holds.",
            ),
        ),
        TroubleKind.DAMAGE: Advice(
            means=(
                "Part of what is held can’t be read, and no backup is made until that is mended: "
                "what is captured from now on may be lost."
            ),
            steps=(
                "Stop `lexwatch serve` and `lexwatch schedule`, then put the newest backup back "
                "with the command above; what lies there now is kept aside.",
                "`lexwatch doctor` says what is damaged, and whether it is whole again.",
            ),
        ),
    }
)


def render(notice: Notice) -> Rendered:
    """The mail, in both forms."""
    view = {
        "title": "What ails lexwatch",
        "reader": "whoever looks after it",
        "opening": opening(notice),
        "ways": Ways(),
        "open": [_told(each, notice.zone) for each in notice.open],
        "ended": [_over(each, notice.zone) for each in notice.ended],
    }
    return Rendered(
        subject=subject(notice),
        html=press.page("notice.html", view),
        text=press.bare("notice.txt", view),
    )


def subject(notice: Notice) -> str:
    """The line in a mailbox: the one trouble, or how many."""
    if not notice.open:
        first, *more = notice.ended
        said = _short(first) if not more else wording.counted(len(notice.ended), "trouble")
        return f"lexwatch, solved: {said}"
    if len(notice.open) == 1:
        return f"lexwatch needs you: {_short(notice.open[0])}"
    return f"lexwatch needs you: {wording.counted(len(notice.open), 'trouble')}"


def opening(notice: Notice) -> str:
    """How much ails, and how much no longer does."""
    said = []
    if notice.open:
        said.append(f"{wording.counted(len(notice.open), 'thing needs', 'things need')} you")
    if notice.ended:
        said.append(f"{wording.counted(len(notice.ended), 'trouble is', 'troubles are')} over")
    return f"{'; '.join(said)}. {wording.initial(wording.moment(notice.at, notice.zone))}."


def brief(notice: Notice) -> str:
    """A line each, for channels that take little."""
    lines = [f"- {_said(each)}. {_steps(each)[0]}" for each in notice.open[:BRIEF]]
    if (more := len(notice.open) - BRIEF) > 0:
        lines.append(f"And {wording.counted(more, 'more trouble')}: `lexwatch health`")
    lines += [f"- Solved: {_said(each)}" for each in notice.ended[:BRIEF]]
    return "\n".join((opening(notice), *lines))


def advice(kind: TroubleKind, subject: str) -> Advice:
    """What a trouble means, and what to do about it."""
    name, given = subject.partition(" ")[2] or subject, ADVICE[kind]
    return Advice(means=given.means, steps=tuple(each.format(name=name) for each in given.steps))


def _told(trouble: Trouble, zone: tzinfo) -> Mapping[str, str | Sequence[str]]:
    given = advice(trouble.kind, trouble.subject)
    times = f", told {wording.counted(trouble.told, 'time')} before" if trouble.told else ""
    return {
        "said": f"{_said(trouble)}.".replace("..", "."),
        "since": f"Since {wording.moment(trouble.since, zone)}{times}.",
        "means": given.means,
        "steps": given.steps,
    }


def _over(trouble: Trouble, zone: tzinfo) -> str:
    ended = f", over since {wording.moment(trouble.solved_at, zone)}" if trouble.solved_at else ""
    return f"{_said(trouble).rstrip('.')} (since {wording.moment(trouble.since, zone)}{ended})."


def _steps(trouble: Trouble) -> Sequence[str]:
    return advice(trouble.kind, trouble.subject).steps


def _said(trouble: Trouble) -> str:
    return untrusted.plain(trouble.said)


def _short(trouble: Trouble) -> str:
    return wording.shortened(_said(trouble), SUBJECT)
