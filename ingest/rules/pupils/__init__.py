"""Pupil lists: from a table of text to a plan of what is new, changed or in conflict. Pure.

`table` finds the rows, `columns` names the columns, `read` makes records, `plan` compares them with what is known.
Nothing here knows where the text came from or where the plan goes.
"""
