"""The questions, as Ibis expressions over `test_facts`: one set for all engines, none of which is named here.

These rules make all engines agree: reals are cast before arithmetic, windows only add up (they rank nothing),
quantiles are those of buckets, times are compared as whole nanoseconds, and distinct things are counted by
groups.
"""
