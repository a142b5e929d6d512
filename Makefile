.PHONY: install test lint format types wheel ci clean

install:        ## what developers need
	pip install -e ".[dev]"
test:           ## the tests, with the examples of the docstrings
	pytest
lint:
	ruff check . && ruff format --check .
format:
	ruff check --fix . && ruff format .
types:
	mypy
wheel:
	python -m build --wheel
ci:             ## everything, from an empty environment
	.ci/run
clean:
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
