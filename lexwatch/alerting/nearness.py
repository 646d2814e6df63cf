"""How near what changed is in meaning to the sentences that subscriptions ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from index import embedded
from pipeline.errors import LexwatchError, ModelError
from pipeline.grounds import Nearest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.grounds import Said
    from index.vectors import Vectors
    from lexwatch.app import App

    Rows = NDArray[np.float32]

BATCH = 256  # sentences compared at once with all passages
KEPT = 4_096  # sentences of which the vectors are kept: 6 MB
LACKING = 1_000  # passages embedded in passing

Near = Mapping[int, Mapping[str, Nearest]]  # by the change's id and the sentence

# What was typed is written down nowhere.
_embedded: WeakKeyDictionary[Vectors, dict[str, Rows]] = WeakKeyDictionary()


class Model:
    """The model, for one who asks it of many changes. `ails` says why it can't be asked any more,
    "" where it can."""

    def __init__(self, app: App, ahead: Iterable[str] = ()) -> None:
        """`ahead` are sentences that may be asked: embedded together with the first they are
        faster."""
        self._app, self._ahead = app, tuple(dict.fromkeys(ahead))
        self.ails = ""

    def ask(self, ask: Callable[[], Near]) -> Near:
        """What is asked; nothing where the model ails, whatever of it does: all else is matched."""
        if self.ails:
            return {}
        try:
            return ask()
        except LexwatchError as error:
            self.ails = str(error)
        except Exception as error:  # of the model and what it stands on
            self.ails = type(error).__name__
        return {}

    def rows(self, sentences: Sequence[str]) -> Rows:
        """A row for each sentence."""
        import numpy as np  # noqa: PLC0415 - only where a sentence is asked

        vectors = self._app.vectors
        held = _embedded.setdefault(vectors, {})
        ahead, self._ahead = self._ahead[:KEPT], ()
        if new := [each for each in dict.fromkeys((*sentences, *ahead)) if each not in held]:
            held |= dict(zip(new, vectors.embed(new), strict=True))
        rows = np.stack([held[each] for each in sentences])
        for oldest in [*held][: max(0, len(held) - KEPT)]:
            del held[oldest]
        return rows


class Passages:
    """The passages of some changes, with the changes' ids, those of a change together."""

    def __init__(self, app: App, told: Sequence[tuple[int, Said]]) -> None:
        """Raises `ModelError` where many that stand have no vector yet: that is for `lexwatch
        index`, which keeps them."""
        self._now = _Side(app, [one for one in told if not one[1].is_before])
        self._before = _Side(app, [one for one in told if one[1].is_before])

    def near(self, least: Mapping[str, float], rows: Rows) -> Near:
        """Of each change the passage that is nearest to each sentence, where its cosine is the
        `least` or more; `rows` are the sentences'."""
        found: dict[int, dict[str, Nearest]] = {}
        before = {
            (number, sentence): cosine
            for number, sentence, cosine, _ in self._before.nearest(least, rows)
        }
        for number, sentence, cosine, said in self._now.nearest(least, rows):
            found.setdefault(number, {})[sentence] = Nearest(
                cosine=cosine,
                before=before.get((number, sentence), -1.0),
                text=said.text,
                place=said.place,
                is_removed=said.is_removed,
            )
        return found


class _Side:
    def __init__(self, app: App, told: Sequence[tuple[int, Said]]) -> None:
        self._told = told
        self._rows = _rows(app, [said for _, said in told]) if told else None

    def nearest(
        self, least: Mapping[str, float], rows: Rows
    ) -> Iterator[tuple[int, str, float, Said]]:
        """All passages are compared with many sentences at once."""
        import numpy as np  # noqa: PLC0415 - only where a sentence is asked

        if self._rows is None:
            return
        numbers = np.array([number for number, _ in self._told])
        starts = np.flatnonzero(np.r_[True, numbers[1:] != numbers[:-1]])
        enough, every = np.array([*least.values()], dtype=np.float32), [*least]
        for first in range(0, len(every), BATCH):
            part = slice(first, first + BATCH)
            cosines = self._rows @ rows[part].T
            best = np.maximum.reduceat(cosines, starts, axis=0)
            for change, column in np.argwhere(best >= enough[part]).tolist():
                of = cosines[starts[change] :, column] == best[change, column]
                number, said = self._told[int(starts[change] + of.argmax())]
                yield number, every[first + column], float(best[change, column]), said


def _rows(app: App, said: Sequence[Said]) -> Rows:
    with app.database.read() as connection:
        standing = {
            embedded.digest_of(each.embedded)
            for each in said
            if not each.is_removed and not each.is_before
        }
        lacking = len(standing) - len(embedded.held(connection, app.vectors.model, standing))
    if lacking > LACKING:
        raise ModelError(f"{lacking:,} passages are not embedded yet: run `lexwatch run`")
    return app.vectors.embed([each.embedded for each in said])
