"""Importers: from a form as received to the YAML of declarations, with every repair as a proposal.

One chain: form file → grid (`text_form`) → single forms (`forms`) → fields (`head`, `facts`) and indicator
rows (`table`, `tokens`, `promises`, `classes`) → proposals (`proposals`) → YAML (`draft`). What became
of each cell is written down in a `tally`. A reader of another kind of file only has to produce the
same grid.
"""
