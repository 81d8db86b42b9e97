"""Decodes many similar spans at once: a fast path with the result of decoding one by one, or none for a span.

A writer repeats itself: two spans of one kind have the same bytes except ids, times, the name and values. A
`Shape` is learned from one span; others are compared with it by numpy, every byte that could mean something
else is compared, and values are read from fixed places. A span that differs in anything else is left alone.
"""
