"""Texts and what becomes of them: chapters amended as chapters are, and texts made to be slow."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.model import Block, BlockKind, NoteMark

CHAPTER, ADVERSARIAL = 50, 1_000  # milliseconds that comparing a pair may take
# Words of letters, with a figure in twenty-five, as a chapter of the Policy Manual has them.
VOCABULARY = [
    f"{number}" if number % 25 == 0 else "".join(chr(97 + int(digit)) for digit in f"{number:05}")
    for number in range(3000)
]
Blocks = Sequence[Block]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two texts, and how many milliseconds comparing them may take."""

    name: str
    bound: int
    old: Blocks
    new: Blocks


def chapters() -> list[Pair]:
    """A chapter of 6,000 words in 12 sections, amended in the ways that chapters are."""
    dice = random.Random(20261121)  # noqa: S311 - a benchmark's text, no secret
    texts = [_text(dice, 50) for _ in range(120)]
    old = _headed(texts)
    noted = _noted(old)
    sections = [old[at : at + 11] for at in range(0, len(old), 11)]
    return [
        _chapter("8 paragraphs amended", old, _headed(_every(dice, texts, 15))),
        _chapter("every paragraph amended", old, _headed(_every(dice, texts, 1))),
        _chapter("every paragraph half rewritten", old, _headed(_halved(dice, texts))),
        _chapter("paragraphs shuffled", old, _headed(dice.sample(texts, len(texts)))),
        _chapter("sections shuffled", old, _joined(dice.sample(sections, len(sections)))),
        _chapter("every second paragraph joined", old, _headed(_two_by_two(texts))),
        _chapter("60 notes, one inserted first", noted, _noted(old, first=_text(dice, 10))),
        _chapter("one section removed", old, [*old[:22], *old[33:]]),
        _chapter("rewritten", old, _headed([_text(dice, 50) for _ in texts])),
        _chapter("one block, every 20th word", *_single(dice, texts)),
    ]


def adversarial() -> list[Pair]:
    """Texts of 20,000 words, and some of a megabyte, made to be slow."""
    dice = random.Random(20261121)  # noqa: S311 - as above
    tiny = ["the", "alien", "must", "file", "form"]
    short, long = _made(dice, 5), _made(dice, 50)
    same = ["The alien must file now."] * 4_000
    return [
        *(
            _slow(
                f"five words only, {size:,} a block",
                _made(dice, size, tiny),
                _made(dice, size, tiny),
            )
            for size in (20_000, 2_000, 500, 50, 5)
        ),
        _slow("shuffled, 5 a block", short, dice.sample(short, len(short))),
        _slow("shuffled and amended", long, _every(dice, dice.sample(long, len(long)), 1)),
        _slow("turned round", short, short[::-1]),
        _slow("rewritten, 5 a block", short, _made(dice, 5)),
        _slow("all equal but one", same, [*same[:2_000], "The alien may file now.", *same[2_001:]]),
        _slow("all equal, one less and all other", same, ["Forms may be filed then."] * 3_999),
        _slow(
            "alternating",
            ["Yes, it is so now.", "No, not so now."] * 2_000,
            ["No, not so now."] * 4_000,
        ),
        _slow("nearly equal", *_nearly(dice)),
        _slow("one row key", *_keyed(dice, 1), kind=BlockKind.ROW),
        _slow("rows shuffled", *_keyed(dice, 3_000), kind=BlockKind.ROW),
        _slow("rows of 2,000 cells", *_wide(dice), kind=BlockKind.ROW),
        _slow("4,000 headings of one name", same, same[1:], kind=BlockKind.HEADING),
        _slow("headings only, rewritten", short, _made(dice, 5), kind=BlockKind.HEADING),
        _slow("parts of one opening", *_openings()),
        *(
            _slow(f"one paragraph, every sixth word {name}", *_turned(*words))
            for name, words in (
                ("a number", ("{}", "7{}")),
                ("operative", ("must", "may not")),
                ("an exception", ("unless", "when")),
                ("a fee, in sentences", ("${}.", "$7{}.")),
            )
        ),
        _slow("fees and periods of 3,000 rows", *_stated(), kind=BlockKind.ROW),
        _slow("1 MB without a space", ["x" * 1_000_000], ["x" * 500_000 + "y" * 500_000]),
        _slow("1 MB of signs", [";" * 1_000_000], [";." * 500_000]),
        _slow("1 MB of words, half of them new", *_megabyte(dice)),
    ]


def _chapter(name: str, old: Blocks, new: Blocks) -> Pair:
    return Pair(name=f"chapter, {name}", bound=CHAPTER, old=old, new=new)


def _slow(
    name: str, old: Sequence[str], new: Sequence[str], kind: BlockKind = BlockKind.PARAGRAPH
) -> Pair:
    before, after = ([Block(kind=kind, text=text) for text in side] for side in (old, new))
    return Pair(name=name, bound=ADVERSARIAL, old=before, new=after)


def _text(dice: random.Random, length: int, words: Sequence[str] = VOCABULARY) -> str:
    return " ".join(dice.choices(words, k=length)) + "."


def _made(dice: random.Random, size: int, words: Sequence[str] = VOCABULARY) -> list[str]:
    """20,000 words in texts of one size."""
    return [_text(dice, size, words) for _ in range(20_000 // size)]


def _every(dice: random.Random, texts: Sequence[str], step: int) -> list[str]:
    """One word changed in every text that is a multiple of `step`."""
    return [text if at % step else _reworded(dice, text) for at, text in enumerate(texts)]


def _reworded(dice: random.Random, text: str) -> str:
    words = text.split()
    words[dice.randrange(len(words))] = "must not"
    return " ".join(words)


def _halved(dice: random.Random, texts: Sequence[str]) -> list[str]:
    return [f"{text[: len(text) // 2]} {_text(dice, 25)}" for text in texts]


def _two_by_two(texts: Sequence[str]) -> list[str]:
    return [" ".join(pair) for pair in zip(texts[::2], texts[1::2], strict=True)]


def _headed(texts: Sequence[str]) -> list[Block]:
    """Ten paragraphs to a section."""
    blocks: list[Block] = []
    for at, text in enumerate(texts):
        title = f"{'ABCDEFGHIJKL'[at // 10 % 12]}. Section number {at // 10}"
        if at % 10 == 0:
            blocks.append(Block(kind=BlockKind.HEADING, text=title, level=2))
        blocks.append(Block(kind=BlockKind.PARAGRAPH, text=text, trail=(title,)))
    return blocks


def _noted(blocks: Blocks, first: str = "") -> list[Block]:
    """Every second paragraph calls a note; one more is called first, if given."""
    called: list[Block] = []
    notes = [first] if first else []
    for at, block in enumerate(blocks):
        marks: list[NoteMark] = []
        if block.kind is BlockKind.PARAGRAPH and at % 2:
            notes.append(f"See 8 CFR {100 + at}.2({'abcde'[at % 5]}).")
            marks.append(NoteMark(offset=len(block.text), label=f"{len(notes)}"))
            if first and len(notes) == 2:
                marks.insert(0, NoteMark(offset=7, label="1"))
        called.append(replace(block, marks=tuple(marks)))
    labelled = enumerate(notes, start=1)
    return called + [Block(kind=BlockKind.FOOTNOTE, text=t, label=f"{n}") for n, t in labelled]


def _joined(sections: Sequence[Blocks]) -> list[Block]:
    return [block for section in sections for block in section]


def _single(dice: random.Random, texts: Sequence[str]) -> tuple[list[Block], list[Block]]:
    words = " ".join(texts).split()
    others = [word if at % 20 else dice.choice(VOCABULARY) for at, word in enumerate(words)]
    before, after = ([Block(kind=BlockKind.PARAGRAPH, text=" ".join(w))] for w in (words, others))
    return before, after


def _nearly(dice: random.Random) -> tuple[list[str], list[str]]:
    """Blocks of twenty words, any two of which differ in one or two."""
    stock = _text(dice, 19)
    old = [f"{stock} number{at}" for at in range(1_000)]
    return old, [f"{stock} other{at}" for at in range(1_000)]


def _keyed(dice: random.Random, keys: int) -> tuple[list[str], list[str]]:
    """Two tables of 3,000 rows under so many keys, the second in another order."""
    old, new = (
        [f"Form I-{at % keys} | ${at % 7 + side}00 | {dice.randrange(40)}" for at in range(3_000)]
        for side in (0, 1)
    )
    return old, dice.sample(new, len(new))


def _wide(dice: random.Random) -> tuple[list[str], list[str]]:
    rows = [" | ".join(dice.choices(VOCABULARY, k=2_000)) for _ in range(10)]
    return rows, [f"{row} | {dice.choice(VOCABULARY)}" for row in reversed(rows)]


def _turned(old: str, new: str) -> tuple[list[str], list[str]]:
    """One paragraph of 20,000 words, of which every sixth became another."""
    places = range(20_000)
    before, after = (
        " ".join(f"w{'abcdefghij'[at % 10]}x" if at % 6 else word.format(at) for at in places)
        for word in (old, new)
    )
    return [before], [after]


def _stated() -> tuple[list[str], list[str]]:
    """A table in which every row states another fee and another period."""
    old, new = (
        [f"Form I-{at} | ${at + side} | {at * side} days" for at in range(1, 3_001)]
        for side in (3, 7)
    )
    return old, new


def _openings() -> tuple[list[str], list[str]]:
    """Every part begins as every whole does, and hardly any whole is made of parts."""
    parts = [f"The alien {at % 3} files" for at in range(4_000)]
    return parts, [f"The alien {at % 2} files The alien {at % 5} files" for at in range(2_000)]


def _megabyte(dice: random.Random) -> tuple[list[str], list[str]]:
    words = dice.choices(VOCABULARY, k=125_000)
    others = [word if at % 2 else dice.choice(VOCABULARY) for at, word in enumerate(words)]
    return [" ".join(words)], [" ".join(others)]
