"""The default model's forward pass in numpy: a query's vector without the seconds torch takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index import weights
from index.weights import Weights

if TYPE_CHECKING:
    import tokenizers

Row = NDArray[np.float32]

# erf by Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: within 1.5e-7.
_ERF_AT = np.float32(0.3275911)
_ERF = tuple(
    np.float32(factor)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
)
_ROOT_HALF = np.float32(0.5**0.5)

# A question's few rows times so small a part of the weights is a product that OpenBLAS makes
# without copying the weights first, which takes as long as all else (measured: 8 ms for 13).
DEEP, WIDE = 384, 32


class Bert:
    """An `index.encoder.Encoder` for a few texts, in float32, one after the other.

    Its rows are those of sentence-transformers in float32 within 1e-6 (tests/test_encoder.py). On
    passages it is two to three times as slow as `index.encoder.SentenceEncoder` in bfloat16.
    """

    def __init__(self, found: Weights) -> None:
        from safetensors.numpy import load_file  # noqa: PLC0415 - none of this for a citation

        self.name = found.name
        self.digest = found.digest
        self._counter = _counter(found)
        said = _said(found, "config.json")
        self.longest = int(_said(found, "sentence_bert_config.json")["max_seq_length"])
        self._heads = int(said["num_attention_heads"])
        self._epsilon = np.float32(said["layer_norm_eps"])
        held = load_file(found.folder / "model.safetensors")
        self._words = held["embeddings.word_embeddings.weight"]
        self._places = (
            held["embeddings.position_embeddings.weight"]
            + held["embeddings.token_type_embeddings.weight"][0]
        )
        self._first = _pair(held, "embeddings.LayerNorm")
        self._layers = [_layer(held, each) for each in range(int(said["num_hidden_layers"]))]
        self.dimensions = self._words.shape[1]

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        rows = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for number, text in enumerate(texts):
            rows[number] = self._row(self._counter.encode(text).ids)
            if progress:
                progress(1)
        return rows

    def count(self, text: str) -> int:
        return len(self._counter.encode(text).ids)

    def _row(self, tokens: list[int]) -> Row:
        if len(tokens) > self.longest:  # the last one says that the text ends
            tokens = [*tokens[: self.longest - 1], tokens[-1]]
        state = self._words[tokens] + self._places[: len(tokens)]
        state = self._normed(state, self._first)
        for layer in self._layers:
            state = self._normed(self._attended(state, layer) + state, layer.after_attention)
            inner = _gelu(_linear(state, layer.wider))
            state = self._normed(_linear(inner, layer.narrower) + state, layer.after_all)
        mean: Row = state.mean(axis=0)
        mean /= np.linalg.norm(mean)
        return mean

    def _attended(self, state: Row, layer: _Layer) -> Row:
        length, width = state.shape
        size = width // self._heads
        asked = _linear(state, layer.asked).reshape(length, 3, self._heads, size)
        query, key, value = asked.transpose(1, 2, 0, 3)
        weight = query @ key.transpose(0, 2, 1) * np.float32(size**-0.5)
        weight = np.exp(weight - weight.max(axis=-1, keepdims=True))
        weight /= weight.sum(axis=-1, keepdims=True)
        return _linear((weight @ value).transpose(1, 0, 2).reshape(length, width), layer.attended)

    def _normed(self, state: Row, pair: tuple[Row, Row]) -> Row:
        state = state - state.mean(axis=-1, keepdims=True)
        state /= np.sqrt(np.square(state).mean(axis=-1, keepdims=True) + self._epsilon)
        state *= pair[0]
        state += pair[1]
        return state


def load(model: str = weights.DEFAULT) -> Bert | None:
    """The model where it is the default one, whose every file is verified; None of any other:
    only sentence-transformers knows what that is made of. Raises `ModelError` as `find` does."""
    found = weights.find(model)
    return Bert(found) if found.name == weights.DEFAULT else None


@dataclass(frozen=True, kw_only=True)
class _Layer:
    """Weights and biases, each pair of one step; `asked` is query, key and value in one."""

    asked: tuple[Row, Row]
    attended: tuple[Row, Row]
    after_attention: tuple[Row, Row]
    wider: tuple[Row, Row]
    narrower: tuple[Row, Row]
    after_all: tuple[Row, Row]


def _layer(held: Mapping[str, Row], number: int) -> _Layer:
    place = f"encoder.layer.{number}"
    asked = (f"{place}.attention.self.{each}" for each in ("query", "key", "value"))
    return _Layer(
        asked=_step(held, *asked),
        attended=_step(held, f"{place}.attention.output.dense"),
        after_attention=_pair(held, f"{place}.attention.output.LayerNorm"),
        wider=_step(held, f"{place}.intermediate.dense"),
        narrower=_step(held, f"{place}.output.dense"),
        after_all=_pair(held, f"{place}.output.LayerNorm"),
    )


def _pair(held: Mapping[str, Row], name: str) -> tuple[Row, Row]:
    return held[f"{name}.weight"], held[f"{name}.bias"]


def _step(held: Mapping[str, Row], *names: str) -> tuple[Row, Row]:
    """Weights and biases of one product; the weights in parts of `DEEP` rows by `WIDE` columns."""
    weights_, biases = zip(*(_pair(held, name) for name in names), strict=True)
    every = np.concatenate(weights_)
    parts = every.reshape(len(every) // WIDE, WIDE, every.shape[1] // DEEP, DEEP)
    return np.ascontiguousarray(parts.transpose(2, 0, 3, 1)), np.concatenate(biases)


def _linear(state: Row, step: tuple[Row, Row]) -> Row:
    parts, biases = step
    deep = state.reshape(len(state), len(parts), 1, DEEP).transpose(1, 2, 0, 3)
    changed: Row = (deep @ parts).sum(axis=0).transpose(1, 0, 2).reshape(len(state), len(biases))
    changed += biases
    return changed


def _gelu(state: Row) -> Row:
    """x times the normal distribution's share below x."""
    size = np.abs(state)
    size *= _ROOT_HALF
    part = size * _ERF_AT
    part += 1
    np.reciprocal(part, out=part)
    rest = part * _ERF[0]
    for factor in _ERF[1:]:
        rest += factor
        rest *= part
    size *= size
    rest *= np.exp(np.negative(size, out=size), out=size)
    # Of x above 0 the share is 1 - rest / 2, of x below 0 it is rest / 2.
    rest *= np.abs(state)
    below: Row = np.maximum(state, 0)
    below -= np.multiply(rest, np.float32(0.5), out=rest)
    return below


def _counter(found: Weights) -> tokenizers.Tokenizer:
    import tokenizers  # noqa: PLC0415 - as above

    counter = tokenizers.Tokenizer.from_file(str(found.folder / "tokenizer.json"))
    counter.no_truncation()
    counter.no_padding()
    return counter


def _said(found: Weights, name: str) -> Any:
    return json.loads((found.folder / name).read_text(encoding="utf-8"))
