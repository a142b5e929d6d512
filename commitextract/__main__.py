"""``python -m commitextract`` is the command line."""

from commitextract.cli import app

app()
