"""Import of forms: from a form as received to the YAML of declarations, with every repair as a proposal.

Readers (`readers/`) turn a file into a grid (`form_cells`). The grid is split into single forms
(`single_forms`), each form into fields (`form_fields`, `form_money`, `form_facts`) and indicator rows
(`split_rows`, `indicator_rows`, `indicator_classes`), which become proposals (`indicator_proposals`) and
<<<<<<< HEAD
drafts (`declaration_drafts`). `form_readings` calls these steps and reports the result. The use of each
cell is recorded, so that none is dropped silently.
=======
drafts (`declaration_drafts`). `form_readings` calls these steps and reports the result. The use of each cell
is recorded, so that none is dropped silently.
>>>>>>> 88538b7 (importers: the docstring of the package names all steps)
"""
