"""A person's own table: read column by column, its columns told apart, coded as numbers a network takes.

A `Sheet` is what a file holds, a `Choice` what a scenario makes of it, a `Table` the examples that come of both, with
the `Coding` that makes the same numbers of any later row.
"""
