"""Turns values from analysis into text: lines of styled text for people, JSON for programs. Prints nothing
itself.
"""
