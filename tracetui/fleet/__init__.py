"""All runs: facts of every test of every run in one store, and the questions about them.

Only this room knows Ibis, DuckDB and Arrow. They come with an extra (`pip install 'tracetui[fleet]'`), and no
module of this room imports them before a command needs them.
"""
