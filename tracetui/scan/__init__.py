"""Reads the bytes of spans again for what no column holds: the values of one attribute, or a text
anywhere.
"""
