"""A cross-encoder that reads question and passage together: optional, named in the settings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index import encoder, weights
from pipeline.errors import ModelError

# As in `index.encoder`: torch and sentence_transformers take seconds to import.
if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

SETTING = "[search] reranker"
BATCH = 16


class CrossReranker:
    """Scores how well passages answer a question; a score compares with the same question's."""

    def __init__(self, model: CrossEncoder, name: str) -> None:
        self.name = name
        self._model = model

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        """One number for each passage, the higher the better."""
        pairs = [(question, passage) for passage in passages]
        found = self._model.predict(pairs, batch_size=BATCH, show_progress_bar=False)
        return [float(each) for each in found]


def load(model: str) -> CrossReranker:
    """Load a cross-encoder by name or folder from this disk, with remote code off and the network
    unused. Raises `ModelError` where it is missing, unreadable, a pickle, brings code of its own,
    or gives more than one number for a pair."""
    folder = weights.folder(model, SETTING)
    _check(folder)
    encoder.silence()
    from safetensors import SafetensorError  # noqa: PLC0415 - see above
    from sentence_transformers import CrossEncoder  # noqa: PLC0415

    try:
        loaded = CrossEncoder(
            str(folder),
            device=encoder.choose(encoder.able()).device,
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"{folder} cannot be loaded as a cross-encoder: {error}") from error
    if loaded.num_labels != 1:
        raise ModelError(
            f"{folder} gives {loaded.num_labels} numbers for a question and a passage: name a "
            f"cross-encoder for ranking, which gives one, in {SETTING}"
        )
    return CrossReranker(loaded, model)


def _check(folder: Path) -> None:
    settings = folder / "config.json"
    if not settings.is_file():
        raise ModelError(f"{folder} is no cross-encoder: it has no config.json; see {SETTING}")
    try:
        said = json.loads(settings.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError(f"{settings} is not valid JSON: {error}") from error
    if "auto_map" in said:
        raise ModelError(
            f"{settings} asks for code of its own, which may do anything when it is loaded. Name "
            f"a model without any in {SETTING}"
        )
    if not any(folder.glob("*.safetensors")):
        raise ModelError(
            f"{folder} has no *.safetensors: other formats may run code when they are loaded. "
            "Save the model again as safetensors and name that folder"
        )
