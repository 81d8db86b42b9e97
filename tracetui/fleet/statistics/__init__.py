"""Interprets the engines' answers: verdicts, intervals and change points, with the statistics of
`analysis`.
"""
