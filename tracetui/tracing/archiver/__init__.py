"""Packs what a failed test leaves behind into `<spans>/artifacts/<test>-<n>.tar.zst`, with a span that
describes it.

Limits are checked before they are exceeded, holes of sparse files are neither read nor stored, special files
are never opened and links never followed. An archive gets its final name only when it is complete;
`MANIFEST.json`, its last member, lists every file with size and digest, and what was left out and why.
"""
