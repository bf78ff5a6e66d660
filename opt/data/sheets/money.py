"""Sheets of public money: programmes, and whom they may pay."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.columns import YearColumns
from opt.data.sheets.declare import YES_NO, SheetRow, sheet
from opt.data.sheets.ranges import CAPEX, CHARGE, FUND, REPAYMENT, SHARE
from opt.data.sheets.support import UNIT_USES

FILTER_FIELDS = ("region", "bloc", "stage", "mineral", "commodity", "process", "project")
INSTRUMENTS = ("grant", "loan", "equity", "guarantee", *UNIT_USES, "stock")
PAYS_FOR = ("capex", "stock", *UNIT_USES)


@sheet(
    "programmes",
    "Programmes",
    "Public money with rules. Year columns are the most that may fall due in that year.",
    key=("programme",),
    years=YearColumns(
        "Most that may fall due in the year; blank is no limit", "USD million", range=FUND
    ),
)
class ProgrammeRow(SheetRow):
    """Public money with rules; its year columns are the most that may fall due in a year."""

    programme = cell.identity("Programme")
    name = cell.text("Name for the reader", blank="the id")
    owner = cell.text("Who owns it", for_reader=True)
    instrument = cell.choice("Kind of money", INSTRUMENTS, default="grant")
    amount = cell.number("Most it can commit in all", "USD million", FUND)
    share = cell.share(
        "Share of the whole programme that this chain may take; amount and limits are the whole's",
        SHARE,
        default=1.0,
    )
    commit_from = cell.year("First year in which it can commit", blank="first_year")
    commit_to = cell.year("Last year in which it can commit", blank="last_year")
    charge = cell.number(
        "Share of face value that counts against amount and yearly limits",
        "share",
        CHARGE,
        default=1.0,
    )
    max_share = cell.share("Largest share of a project's capex", SHARE, default=1.0)
    ticket_min = cell.number(
        "Smallest payment into one commitment", "USD million", CAPEX, default=0.0
    )
    ticket_max = cell.number(
        "Largest payment into one commitment", "USD million", CAPEX, blank="no ceiling"
    )
    carry_over = cell.choice(
        "yes: what a year leaves of its limit adds to the next", YES_NO, default="no"
    )
    pays_for = cell.text(f"{', '.join(PAYS_FOR)}; several separated by ;", default="capex")
    repay_years = cell.whole(
        "Years, from first operation on, over which a loan is repaid evenly and lent again",
        "years",
        REPAYMENT,
        blank="not lent again",
    )

    @property
    def own_amount(self) -> float:
        """The most that it can commit to this chain: share x amount. USD million."""
        return self.share * self.amount

    @property
    def own_limits(self) -> dict[int, float]:
        """The most that may fall due of this chain in a year: share x limit, by each year that has
        a limit. USD million."""
        return {year: self.share * limit for year, limit in self.years.items()}


@sheet(
    "eligibility",
    "Eligibility",
    "What a programme may pay for. Rows of one field join by or, fields by and; never excludes.",
    key=("programme", "field", "value"),
)
class EligibilityRow(SheetRow):
    """One filter of what a programme may pay for."""

    programme = cell.ref("programmes", "Programme")
    field = cell.choice("What is matched", FILTER_FIELDS, required=True)
    value = cell.text("The id or name it must have", required=True)
    rule = cell.choice("only or never", ("only", "never"), default="only")
    max_share = cell.share(
        "Largest share of capex for the projects this row matches", SHARE, blank="the programme's"
    )
    max_amount = cell.number(
        "Most that the programme may commit in all to what this row matches, at its charge",
        "USD million",
        FUND,
        blank="no ceiling but the programme's amount",
    )
