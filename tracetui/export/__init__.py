"""A recording as another tool's file: each format in parts, from the columns of a snapshot.

A span's attributes are decoded one span at a time, and only if a format has room for them. What a format
cannot carry is counted and reported.
"""
