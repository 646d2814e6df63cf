# Wraps the two commands of the README; Windows uses those directly.
.PHONY: demo test lock wheel clean

demo test:
	python3 bootstrap.py $@

# Locks every platform at once; needs uv. Keeps what still fits; `make lock UPGRADE=--upgrade` does not.
LOCK = uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-package torch --custom-compile-command "make lock" $(UPGRADE)
lock:
	$(LOCK) pyproject.toml --group install --output-file requirements/lexwatch.txt
	$(LOCK) --group dev --constraint requirements/lexwatch.txt --output-file requirements/dev.txt

wheel:
	.venv/bin/python -m build --wheel

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
