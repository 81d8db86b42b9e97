"""From files to bytes: recorded and followed files, directories, standard input. Knows no JSON and no
store.
"""
