"""Translation files (PO): the texts they should hold, and how they are brought up to date.

Nothing here reads or writes the files of a site; `commands/translate.py` does.
"""
