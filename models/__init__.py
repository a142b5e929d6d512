"""The packaged models: each a directory of plain data (see README.md beside this file)."""
