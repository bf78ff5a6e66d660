"""How a run shows itself in a notebook: headline figures and the plan, as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from opt.record.columns import Scalar, short_musd

if TYPE_CHECKING:
    from opt.record.run import Run

HEAD = ("Project", "Place", "Country or region", "Stage", "Year", "Units")
MONEY = ("Capital cost", "Public money", "Private money")


def run_html(run: Run) -> str:
    """The five lines that a run prints, and its plan as a table; money in USD million. Everything
    that comes from the workbook is escaped."""
    lines = "<br>".join(escape(line) for line in str(run).splitlines())
    return f"<p>{lines}</p>{_plan(run)}"


def _plan(run: Run) -> str:
    rows = [
        _row(
            (e.name, e.site, e.region, e.stage, e.year, e.units),
            (e.capex_musd, e.public_musd, e.private_musd),
        )
        for e in run.projects
    ]
    heads = "".join(f"<th>{head}</th>" for head in (*HEAD, *(f"{m}, USD million" for m in MONEY)))
    body = "".join(rows) or f'<tr><td colspan="{len(HEAD) + len(MONEY)}">nothing is built</td></tr>'
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _row(words: Iterable[Scalar], money: Iterable[float]) -> str:
    cells = "".join(f"<td>{escape(str(word))}</td>" for word in words)
    amounts = "".join(f'<td style="text-align:right">{short_musd(amount)}</td>' for amount in money)
    return f"<tr>{cells}{amounts}</tr>"
