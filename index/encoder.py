"""The embedding model: text in, unit vectors out, as fast as the machine does it faithfully."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from index import weights
from index.weights import Weights
from pipeline.errors import ModelError

# torch and sentence_transformers take four seconds to import, which a command that needs no
# vectors must not pay: they are imported in the functions that load a model.
if TYPE_CHECKING:
    import tokenizers
    from sentence_transformers import SentenceTransformer

Precision = Literal["auto", "bfloat16", "float32"]

BATCH = 32  # the fastest of 4 to 64 on two cores, see benchmarks/encode.py
BATCH_GPU = 256  # a graphics processor is idle with less


@dataclass(frozen=True, kw_only=True)
class Able:
    """What a machine has: graphics processors that torch can use, and which of its processors
    multiplies bfloat16 natively."""

    cuda: bool = False
    cuda_bfloat16: bool = False
    mps: bool = False
    cpu_bfloat16: bool = False


@dataclass(frozen=True, kw_only=True)
class Means:
    """Where a model runs, how exactly, and how many texts at once."""

    device: str
    precision: Literal["bfloat16", "float32"]
    batch: int


def choose(able: Able, dtype: Precision = "auto") -> Means:
    """The fastest means that a machine has: a graphics processor before the processor, bfloat16
    where it is native (three to four times as fast), else float32. Apple's has it in part only."""
    if able.cuda:
        device, is_native = "cuda", able.cuda_bfloat16
    elif able.mps:
        device, is_native = "mps", False
    else:
        device, is_native = "cpu", able.cpu_bfloat16
    auto: Literal["bfloat16", "float32"] = "bfloat16" if is_native else "float32"
    batch = BATCH if device == "cpu" else BATCH_GPU
    return Means(device=device, precision=auto if dtype == "auto" else dtype, batch=batch)


class Encoder(Protocol):
    """Turns texts into vectors. `digest` says which model made them: vectors of one digest compare
    with each other and with no others."""

    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    @property
    def longest(self) -> int:
        """The tokens of a text that are read, the special ones included."""
        ...

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """One row of length 1 for each text, in order; `progress` hears how many more are done."""
        ...

    def count(self, text: str) -> int:
        """The text's model tokens, the special ones included; nothing is cut off."""
        ...


class SentenceEncoder:
    """A sentence-transformers model on this machine.

    The digest does not cover the precision: a bfloat16 vector lies within a cosine of .9999 of its
    float32 twin, so both kinds stand in one index, and it may move between machines.
    """

    def __init__(self, model: SentenceTransformer, weights: Weights, means: Means) -> None:
        self.name = weights.name
        self.digest = weights.digest
        self.means = means
        self.dimensions = _dimensions(model)
        self.longest = int(model.max_seq_length or sys.maxsize)
        self._model = model
        self._counter = _counter(model)

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Encode in batches of like length: padding a batch to its longest text is most of the
        work wasted on mixed ones, so a caller hands over as many texts at once as it has."""
        rows = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for batch in self._batches(texts):
            encoded = self._model.encode(
                [texts[place] for place in batch],
                batch_size=len(batch),
                show_progress_bar=False,
                convert_to_tensor=True,
            )
            rows[batch] = encoded.float().cpu().numpy()
            if progress:
                progress(len(batch))
        # The model's own last step normalises in bfloat16, which leaves norms of .996 to 1.004.
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows

    def count(self, text: str) -> int:
        return len(self._counter.encode(text).ids)

    def _batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        lengths = [len(encoding.ids) for encoding in self._counter.encode_batch_fast(list(texts))]
        longest_first = sorted(range(len(texts)), key=lengths.__getitem__, reverse=True)
        size = self.means.batch
        for start in range(0, len(texts), size):
            yield longest_first[start : start + size]


def load_model(model: str = weights.DEFAULT, *, dtype: Precision = "auto") -> SentenceEncoder:
    """Load a model by name or folder from this disk, with remote code off and the network unused.

    `dtype` as in `choose`. Raises `ModelError` where the model is missing, altered or unreadable.
    """
    found = weights.find(model)
    silence()
    import torch  # noqa: PLC0415 - see above
    from safetensors import SafetensorError  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    means = choose(able(), dtype)
    try:
        loaded = SentenceTransformer(
            str(found.folder),
            device=means.device,
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"dtype": getattr(torch, means.precision), "use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"{found.folder} cannot be loaded as a model: {error}") from error
    return SentenceEncoder(loaded, found, means)


def silence() -> None:
    """Have the libraries ask nobody on the network, and print nothing."""
    os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415 - see above

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # they have
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # no annotations
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)


def able() -> Able:
    """What this machine has."""
    import torch  # noqa: PLC0415 - see above

    cpu, has_cuda = torch.cpu.get_capabilities(), torch.cuda.is_available()
    return Able(
        cuda=has_cuda,
        cuda_bfloat16=has_cuda and torch.cuda.is_bf16_supported(including_emulation=False),
        mps=torch.backends.mps.is_available(),
        cpu_bfloat16=bool(cpu.get("avx512_bf16") or cpu.get("amx_bf16")),
    )


def _dimensions(model: SentenceTransformer) -> int:
    dimensions = model.get_embedding_dimension()
    if dimensions is None:
        raise ModelError("the model does not say how many dimensions its vectors have")
    return dimensions


def _counter(model: SentenceTransformer) -> tokenizers.Tokenizer:
    """A copy of the model's tokenizer that cuts nothing off and pads nothing."""
    import tokenizers  # noqa: PLC0415 - see above

    counter = tokenizers.Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    counter.no_truncation()
    counter.no_padding()
    return counter
