"""Review of a proposed change: two states of the content come in, the changes the public will see come out.

`snapshot` writes stored files to a folder for the reader, `declaration_comparison` pairs declarations,
`register_changes` compares the files they share, `change_questions` finds questions for the reviewer,
`review_result` and `review_markdown` write the result as JSON and Markdown.
"""
