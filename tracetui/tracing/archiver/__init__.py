"""What a failed test leaves behind -> `<spans>/artifacts/<test>-<n>.tar.zst`, and a span that tells of it.

Limits are kept before they are exceeded, holes of sparse files are neither read nor stored, special files
never opened, links never followed. An archive has its final name only when it is whole; `MANIFEST.json`, its
last member, names every file with size and digest, and what was left out and why.
"""
