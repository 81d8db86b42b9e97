"""Mutations: small changes to the code, each of which some test of its subject should notice.

    python -m tests.mutations tracetui/analysis/stalls/quiet.py                  every mutant of a module
    python -m tests.mutations tracetui/store --constants --near           those of named constants, quickly
    python -m tests.mutations --sample 10                                 the first ten of the fixed sample
    python -m pytest -m nightly tests/mutations                           all of it, as every night

`mutants.py` makes them, `subjects.py` knows which tests are of a module, `judging.py` runs those in a copy of
the tree, `sample.py` chooses. `equivalent.txt` lists those of the sample that no test can tell, and why.

Why a script of our own: mutmut and cosmic-ray run one command for all mutants, here a quarter of an hour, and
mutmut's mutants are chosen at run time, which neither a decorated class nor a process that tests start sees.
"""
