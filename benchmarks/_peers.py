"""The conditions of a gate asked by three libraries that check Polars frames: dataframely, pandera and pointblank.

Each is given the Polars expression of the rows that are sound, its shortest way to say a condition, and gives for every
condition the places of the rows that break it, as our gate must. What it declares is declared once, before it is timed.
"""

from collections.abc import Callable, Sequence

import polars as pl

Ask = Callable[[pl.DataFrame], list[list[int]]]


def by_dataframely(broken: Sequence[pl.Expr], columns: Sequence[str]) -> Ask:
    """A schema with a rule for each condition; `filter` tells the rows that break one."""
    import dataframely as dy

    def sound(name: str, condition: pl.Expr) -> object:
        def rule(cls: type) -> pl.Expr:
            return ~condition

        rule.__name__ = name
        return dy.rule()(rule)

    names = _names(broken)
    declared: dict[str, object] = {column: dy.Any() for column in ("place", *columns)}
    declared |= {name: sound(name, condition) for name, condition in zip(names, broken, strict=True)}
    schema = type("Sound", (dy.Schema,), declared)

    def ask(frame: pl.DataFrame) -> list[list[int]]:
        _, failures = schema.filter(frame.with_row_index("place"))
        details = failures.details()
        return [details.filter(pl.col(name) == "invalid")["place"].to_list() for name in names]

    return ask


def by_pandera(broken: Sequence[pl.Expr], columns: Sequence[str]) -> Ask:
    """A schema with a check for each condition; lazy validation tells all of them."""
    import pandera.polars as pa

    def check(name: str, condition: pl.Expr) -> pa.Check:
        return pa.Check(lambda data: data.lazyframe.select(~condition), name=name)

    names = _names(broken)
    schema = pa.DataFrameSchema(checks=[check(*each) for each in zip(names, broken, strict=True)])

    def ask(frame: pl.DataFrame) -> list[list[int]]:
        try:
            schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as error:
            found = error.failure_cases.group_by("check").agg(pl.col("index").sort())
            places = dict(zip(found["check"], found["index"].to_list(), strict=True))
            return [places.get(name, []) for name in names]
        return [[] for _ in names]

    return ask


def by_pointblank(broken: Sequence[pl.Expr], columns: Sequence[str]) -> Ask:
    """A plan with a step for each condition; the extracts of all failing rows tell them."""
    import pointblank as pb

    def ask(frame: pl.DataFrame) -> list[list[int]]:
        plan = pb.Validate(frame)
        for condition in broken:
            plan = plan.col_vals_expr(expr=~condition)
        extracts = plan.interrogate(extract_limit=frame.height).get_data_extracts()
        return [(extracts[step]["_row_num_"] - 1).to_list() for step in range(1, len(broken) + 1)]

    return ask


def _names(broken: Sequence[pl.Expr]) -> list[str]:
    return [f"condition_{place}" for place in range(len(broken))]
