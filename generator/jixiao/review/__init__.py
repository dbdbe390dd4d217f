"""The review of a change: two states of the content come in, what changes for the public comes out.

`git` reads the earlier state without running anything of the repository, `snapshot` lays files of it out for
the reader, `trailers` reads what commits say of themselves, `comparison` pairs declarations, `registers` the
files that serve all of them, `questions` asks what a machine can ask, and `markdown` and `record` write it
down.
"""
