"""Many like spans at once: a fast path that gives what decoding one by one gives, or leaves a span to that.

A writer repeats itself: of two spans of one kind all bytes are the same but ids, times, the name and values.
A `Shape` is learned from one span; others are held against it with numpy, every byte that could say something
else is compared, and what is read is read from fixed places. What differs in anything is not touched here.
"""
