"""Every kind of fault, each one change of a good workbook, with the exact words of its report."""

from __future__ import annotations

import datetime
import errno
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from cases import Cells, Edit, add, drop, patch, rename, setting, tiny, tiny_case
from click.testing import CliRunner
from full_case import FULL_CASE

from opt.cli import cli
from opt.data.reader import read
from opt.data.sheets.money import PAYS_FOR
from opt.errors import InputError

NUMBER = "Type a number, or leave the cell blank."

# (name, changes, expected faults): text as opt check gives it, place and mend included.
FAULTS: list[tuple[str, list[Edit], list[str]]] = [
    # --- cells
    (
        "thousands separator",
        [patch("projects", 1, "capacity", "20,000")],
        ["projects!E2: '20,000' is text, not a number. Type 20000."],
    ),
    (
        "thousands with spaces",
        [patch("projects", 1, "capacity", "20 000")],
        ["projects!E2: '20 000' is text, not a number. Type 20000."],
    ),
    (
        "percent sign",
        [patch("programmes", 1, "max_share", "85%")],
        ["programmes!G2: '85%' is text, not a number. Type 0.85."],
    ),
    (
        "decimal comma",
        [patch("projects", 1, "capex", "1,5")],
        [
            "projects!G2: '1,5' is text, not a number."
            " Write decimals with a point; a comma is never guessed."
        ],
    ),
    (
        "not available",
        [patch("projects", 1, "opex", "n/a")],
        [f"projects!N2: 'n/a' is text, not a number. {NUMBER}"],
    ),
    (
        "dash",
        [patch("projects", 1, "capex", "-")],
        ["projects!G2: '-' is text, not a number. Type a number."],
    ),
    (
        "number with its unit",
        [patch("projects", 1, "capex", "400 MUSD")],
        ["projects!G2: '400 MUSD' is text, not a number. Type 400 alone."],
    ),
    (
        "number with a word for its size",
        [patch("projects", 1, "capacity", "3 million")],
        [
            "projects!E2: '3 million' is text, not a number. Type the number alone, in units/yr,"
            " with its sign and all its digits."
        ],
    ),
    (
        "number with another unit",
        [patch("projects", 1, "capex", "400 USD")],
        [
            "projects!G2: '400 USD' is text, not a number. Type the number alone, in USD million,"
            " with its sign and all its digits."
        ],
    ),
    (
        "another sign for minus",
        [patch("recipes", 2, "amount", "\u221210")],
        ["recipes!C3: '\u221210' is text, not a number. Type -10, with a plain minus."],
    ),
    (
        "an accountant's negative",
        [patch("recipes", 2, "amount", "(10)")],
        [
            "recipes!C3: '(10)' is text, not a number. Type -10 if a negative is meant, as"
            " accountants write it."
        ],
    ),
    (
        "a row of totals under names of other sheets",
        [add("demand", region="Total", commodity="magnet", **{"2026": 1, "2035": 1})],
        ["demand!A3: 'Total' is not in sheet regions. Delete the row if it holds totals."],
    ),
    (
        "a row of totals with its word beside the id",
        [add("programmes", name="Grand total", amount=900)],
        [
            "programmes!A4: programme is blank; the numbers of this row are the sum of 2 rows"
            " above. It is required; delete the row if it holds totals."
        ],
    ),
    (
        "a row of totals with its word beside the id, of numbers that are not added up yet",
        [add("programmes", name="Grand total", amount=901)],
        ["programmes!A4: programme is blank. It is required; delete the row if it holds totals."],
    ),
    (
        "a row of totals without a name",  # 20000 + 2000 + 4000 and 400 + 600 + 300
        [add("projects", capacity=26000, capex=1300)],
        [
            "projects!A5: project is blank; the numbers of this row are the sum of 3 rows above."
            " It is required; delete the row if it holds totals.",
            *(
                f"projects!{cell}: {name} is blank. It is required; delete the row if it holds"
                " totals."
                for cell, name in {"C5": "region", "H5": "lead_time"}.items()
            ),
        ],
    ),
    (
        "a row without a name whose numbers are no sum",
        [add("demand", **{"2026": 2000, "2035": 4000})],
        [
            "demand!A3: region is blank. It is required.",
            "demand!B3: commodity is blank. It is required.",
        ],
    ),
    (
        "totals of years without a name",
        [
            add("demand", region="JPN", commodity="magnet", segment="a", **{"2026": 5, "2035": 7}),
            add("demand", **{"2026": 2005, "2030": 3000, "2035": 4007}),
        ],
        [
            "demand!A4: region is blank; the numbers of this row are the sum of 2 rows above. It is"
            " required; delete the row if it holds totals.",
            "demand!B4: commodity is blank. It is required; delete the row if it holds totals.",
        ],
    ),
    (
        "a year of columns in the digits of another script",
        [rename("demand", "2030", "\uff12\uff10\uff13\uff10")],  # full width
        ["demand!E1: '\uff12\uff10\uff13\uff10' is not a year. Type 2030, in the digits 0 to 9."],
    ),
    (
        "a numbered year in the digits of another script",
        [rename("ramps", "year_2", "year_\u0662")],
        ["ramps!C1: 'year_\u0662' is not a year. Type year_2, in the digits 0 to 9."],
    ),
    (
        "digits of another script",
        [patch("projects", 1, "capacity", "\u0663\u0660")],  # Arabic 30
        ["projects!E2: '\u0663\u0660' is text, not a number. Type 30, in the digits 0 to 9."],
    ),
    *(
        (
            f"{word} for {answer}",
            [patch("programmes", 1, "carry_over", word)],
            [f"programmes!R2: '{word}' is not one of: yes, no. Type {answer}."],
        )
        for word, answer in (("Y", "yes"), ("TRUE", "yes"), ("ja", "yes"), ("0", "no"), ("N", "no"))
    ),
    (
        "the contrary of a choice",
        [patch("regions", 1, "bloc", "uncovered")],
        ["regions!C2: 'uncovered' is not one of: ally, covered, other. Type one of these."],
    ),
    (
        "ids separated by commas",
        [patch("facilities", 1, "processes", "mine, refine")],
        [
            "facilities!D2: 'mine, refine' is not in sheet processes."
            " Separate ids by ; alone: mine;refine."
        ],
    ),
    (
        "two ids where one can stand",
        [patch("demand", 1, "region", "JPN/AUS")],
        [
            "demand!A2: 'JPN/AUS' is not in sheet regions."
            " One name can stand here: write a row for each."
        ],
    ),
    (
        "a letter of another script",
        [patch("demand", 1, "region", "JPN".replace("P", "\u0420"))],  # Cyrillic Er
        [
            "demand!A2: 'J\u0420N' is not in sheet regions."
            " It looks like 'JPN' but holds U+0420: type it."
        ],
    ),
    (
        "nan",
        [patch("projects", 1, "opex", "nan")],
        [f"projects!N2: 'nan' is text, not a number. {NUMBER}"],
    ),
    (
        "beyond all numbers",
        [patch("projects", 1, "opex", "1e999")],
        ["projects!N2: inf is not a number to count with. Type a number."],
    ),
    (
        "error value in CSV",
        [patch("projects", 1, "opex", "#N/A")],
        ["projects!N2: #N/A is an error value. Fix the formula or type a number."],
    ),
    (
        "share typed as percent",
        [patch("programmes", 1, "max_share", 85)],
        ["programmes!G2: 85 is outside 0-1. Did you mean 0.85 (85%)?"],
    ),
    (
        "share below zero",
        [patch("contents", 1, "share", -0.1)],
        ["contents!C2: -0.1 is outside 0-1. Type a number from 0 to 1."],
    ),
    (
        "negative amount",
        [patch("programmes", 1, "amount", -5)],
        ["programmes!E2: -5 is below 0. Type 0 or more."],
    ),
    (
        "fraction of a year",
        [patch("projects", 1, "earliest", 2026.5)],
        ["projects!L2: 2026.5 is not a year. Type 2026 if that is meant."],
    ),
    (
        "year out of range",
        [patch("projects", 1, "earliest", 20260)],
        ["projects!L2: 20260 is not a year from 1900 to 2200. Type a year such as 2028."],
    ),
    (
        "fraction of a whole number",
        [patch("projects", 1, "life", 20.5)],
        ["projects!K2: 20.5 is not a whole number. Type 20 if that is meant."],
    ),
    (
        "too few units",
        [patch("projects", 1, "max_units", 0)],
        ["projects!R2: 0 is below 1. Type 1 or more."],
    ),
    (
        "choice misspelt",
        [patch("regions", 3, "bloc", "coverd")],
        ["regions!C4: 'coverd' is not one of: ally, covered, other. Did you mean 'covered'?"],
    ),
    (
        "placeholder neither yes nor no",
        [patch("projects", 1, "placeholder", "perhaps")],
        ["projects!R2: 'perhaps' is not one of: yes, no. Type one of these."],
    ),
    (
        "decision misspelt",
        [patch("projects", 1, "decision", "forbidden")],
        ["projects!O2: 'forbidden' is not a decision. Did you mean 'forbid'?"],
    ),
    (
        "decision with an odd year",
        [patch("projects", 1, "decision", "force soon")],
        [
            "projects!O2: 'force soon' is not a decision."
            " Type free, forbid, force, or force with a year."
        ],
    ),
    (
        "surplus word unknown",
        [patch("commodities", 2, "surplus", "dump")],
        ["commodities!F3: 'dump' is not a surplus. Type free, none, or a cost in USD per unit."],
    ),
    (
        "required cell blank",
        [patch("projects", 2, "lead_time", "")],
        ["projects!H3: lead_time is blank. It is required."],
    ),
    (
        "semicolon in an id",
        [patch("scenarios", 1, "scenario", "a;b"), patch("shocks", 1, "scenario", "a;b")],
        ["scenarios!A2: 'a;b' holds a semicolon. Semicolons separate ids; leave it out."],
    ),
    (
        "star as an id",
        [add("regions", region="*", bloc="other")],
        ["regions!A5: '*' cannot be an id. It means many in sheet lanes."],
    ),
    (
        "process named twice",
        [patch("projects", 1, "processes", "mine; Mine")],
        ["projects!D2: 'mine' is named twice. Name it once."],
    ),
    (
        "gap in numbered years",
        [patch("ramps", 1, "year_2", "")],
        ["ramps!C2: year_2 is blank, but year_3 is given. Fill every year up to the last."],
    ),
    (
        "numbered years without the first",
        [patch("ramps", 1, "year_1", "")],
        ["ramps!B2: year_1 is blank, but year_3 is given. Fill every year up to the last."],
    ),
    (
        "demand without years",
        [patch("demand", 1, year, "") for year in ("2026", "2030", "2035")],
        ["demand!D2: no year has a value. Fill one."],
    ),
    (
        "bloc of a lane misspelt",
        [add("lanes", origin="bloc:aly", destination="*", commodity="*")],
        ["lanes!A2: 'aly' is not one of: ally, covered, other. Did you mean 'ally'?"],
    ),
    # --- sheets and columns
    (
        "sheet misspelt",
        [lambda case: case.__setitem__("projets", case.pop("projects"))],
        ["projets: 'projets' is not a sheet of the workbook. Did you mean 'projects'?"],
    ),
    (
        "sheet of no known kind",
        [add("zzz", a="1")],
        [
            "zzz: 'zzz' is not a sheet of the workbook."
            " Begin its name with x_ to keep a sheet of your own."
        ],
    ),
    (
        "sheet missing",
        [drop("demand")],
        ["demand: this sheet is missing. It is required; add it."],
    ),
    (
        "sheet without rows",
        [lambda case: case["regions"].__delitem__(slice(1, None))],
        ["regions: this sheet has no rows. It needs at least one."],
    ),
    (
        "sheet without header",
        [lambda case: case.__setitem__("ramps", [["what", "ever"], ["standard", 1]])],
        [
            "ramps: no header row was found in the first 10 rows. Its columns begin with ramp.",
        ],
    ),
    (
        "second header",
        [lambda case: case["regions"].insert(2, ["region", "name", "bloc"])],
        ["regions!A3: row 3 is a second header row (also row 1). Keep one."],
    ),
    (
        "column misspelt",
        [rename("projects", "lead_time", "leadtime")],
        ["projects!H1: 'leadtime' is not a column of this sheet. Did you mean 'lead_time'?"],
    ),
    (
        "column misspelt beside the one that is meant",
        [patch("projects", 1, "leadtime", "soon")],
        ["projects!R1: 'leadtime' is not a column of this sheet. Did you mean 'lead_time'?"],
    ),
    (
        "column of no known kind",
        [patch("projects", 1, "zzzz", 5)],
        [
            "projects!R1: 'zzzz' is not a column of this sheet."
            " Begin its name with x_ to keep a column of your own."
        ],
    ),
    (
        "column missing",
        [lambda case: [line.pop(0) for line in case["regions"]] and None],
        ["regions: column 'region' is missing. It is required; add it to row 1."],
    ),
    (
        "column twice",
        [lambda case: [line.append(line[1]) for line in case["regions"]] and None],
        ["regions!D1: column 'name' stands twice (also B1)."],
    ),
    (
        "year columns missing",
        [
            lambda case: [line.__delitem__(slice(3, None)) for line in case["demand"]] and None,
        ],
        [
            "demand: there are no columns for years (2026, 2027 ...)."
            " It is required; add it to row 1."
        ],
    ),
    (
        "value beyond the header",
        [lambda case: case["regions"][2].append("stray")],
        [
            "regions!D3: 'stray' stands in a column without a header."
            " Give it a header in row 1, or delete it."
        ],
    ),
    # --- settings
    (
        "setting misspelt",
        [setting("discount_rat", 0.05)],
        ["settings!A11: 'discount_rat' is not a setting. Did you mean 'discount_rate'?"],
    ),
    (
        "setting missing",
        [drop("settings", 4)],
        ["settings: setting 'last_year' is missing. Add a row: last_year, and its value."],
    ),
    (
        "setting twice",
        [add("settings", key="gap", value=0), add("settings", key="Gap", value=0.1)],
        ["settings!A12: 'Gap' is used twice (also A11). Keep one."],
    ),
    (
        "layout of another version",
        [setting("schema", 2)],
        [
            "settings!B2: this workbook has layout 2; this program reads layout 1."
            " Update the program, or bring the data into a new workbook (python -m opt init)."
        ],
    ),
    (
        "years reversed",
        [setting("last_year", 2020)],
        ["settings!B5: 2020 is before first_year 2026. Swap or mend the years."],
    ),
    (
        "plan too long",
        [setting("last_year", 2130), patch("demand", 1, "2130", 5000)],
        ["settings!B5: the plan spans 105 years; at most 100 are allowed. Bring last_year nearer."],
    ),
    (
        "dependence year outside",
        [setting("dependence_to", 2040)],
        ["settings!B9: 2040 is outside 2026-2035. Choose a year of the plan."],
    ),
    (
        "dependence years reversed",
        [setting("dependence_from", 2030), setting("dependence_to", 2028)],
        ["settings!B8: 2030 is after dependence_to 2028. Swap them."],
    ),
    (
        "baseline too late",
        [setting("calibrate_from", 2027)],
        ["settings!B11: 2027 is after first_year 2026. It may only be earlier."],
    ),
    (
        "objective misspelt",
        [setting("objective", "dependance")],
        ["settings!B11: 'dependance' is not an objective. Did you mean 'dependence'?"],
    ),
    (
        "objective year outside",
        [setting("objective", "dependence@2050")],
        ["settings!B11: 2050 is outside 2026-2035. Choose a year of the plan."],
    ),
    (
        "objective public without target",
        [setting("objective", "public")],
        [
            "settings!B11: objective public needs setting dependence_target or a row of sheet"
            " targets. Add one: what the money must reach."
        ],
    ),
    (
        "objective worth without what a point is worth",
        [setting("objective", "worth")],
        [
            "settings!B11: objective worth needs setting worth_of_point. Add it: what a point of"
            " dependence is worth at most, USD million."
        ],
    ),
    (
        "a point that is worth nothing",
        [setting("objective", "worth"), setting("worth_of_point", 0)],
        [
            "settings!B12: objective worth of a point that is worth nothing spends nothing. Type"
            " what it is worth, USD million."
        ],
    ),
    # --- names and keys
    (
        "duplicate id",
        [patch("projects", 3, "project", "p2")],
        ["projects!A4: 'p2' is used twice (also A3). Keep one."],
    ),
    (
        "duplicate demand",
        [add("demand", region="jpn", commodity="magnet", segment="vehicles", **{"2035": 1})],
        ["demand!A3: 'JPN / magnet / vehicles' is used twice (also A2). Keep one."],
    ),
    (
        "reference misspelt",
        [patch("recipes", 3, "commodity", "oxid")],
        ["recipes!B4: 'oxid' is not in sheet commodities. Did you mean 'oxide'?"],
    ),
    (
        "eligibility value misspelt",
        [patch("eligibility", 2, "value", "magnets")],
        ["eligibility!C3: 'magnets' is not a stage. Did you mean 'magnet'?"],
    ),
    (
        "shock value unknown",
        [patch("shocks", 1, "value", "Qatar")],
        ["shocks!D2: 'Qatar' is not an origin. No origin of this name is in the workbook."],
    ),
    (
        "bloc named as a region",
        [add("lanes", origin="Covered", destination="JPN", commodity="*")],
        ["lanes!A2: 'Covered' is not in sheet regions. Did you mean 'bloc:covered'?"],
    ),
    *(
        (name, [*FULL_CASE, change], [fault])
        for name, change, fault in (
            (
                "market of a bloc",
                patch("prices", 1, "market", "ally"),
                "prices!B2: 'ally' is not in sheet regions. Did you mean 'bloc:ally'?",
            ),
            (
                "destination of a bloc",
                patch("offtakes", 1, "destination", "other"),
                "offtakes!D2: 'other' is not in sheet regions. Did you mean 'bloc:other'?",
            ),
            (
                "destination misspelt",
                patch("offtakes", 1, "destination", "JPM"),
                "offtakes!D2: 'JPM' is not in sheet regions. Did you mean 'JPN'?",
            ),
            (
                "negative price",
                patch("prices", 1, "2026", -5),
                "prices!C2: -5 is below 0. Type 0 or more.",
            ),
            (
                "region of a stock misspelt",
                patch("stockpiles", 1, "region", "JP"),
                "stockpiles!B2: 'JP' is not in sheet regions. Did you mean 'JPN'?",
            ),
            (
                "stock of percent lost",
                patch("stockpiles", 1, "loss", 5),
                "stockpiles!G2: 5 is outside 0-1. Did you mean 0.05 (5%)?",
            ),
            (
                "basis misspelt",
                patch("supports", 1, "basis", "flor"),
                "supports!C2: 'flor' is not one of: floor, per_unit. Did you mean 'floor'?",
            ),
            (
                "support twice",
                add("supports", programme="Floors", commodity="oxide", basis="floor", amount=1),
                "supports!A4: 'floors / oxide / floor' is used twice (also A2). Keep one.",
            ),
            (
                "payment misspelt",
                patch("programmes", 4, "pays_for", "price_support; output_suport"),
                "programmes!R5: 'output_suport' cannot be paid for. Did you mean 'output_support'?",
            ),
            (
                "contract of an unknown plant",
                patch("offtakes", 1, "project", "P22"),
                "offtakes!B2: 'P22' is not in sheet projects. Did you mean 'P2'?",
            ),
            (
                "contract of no plant",
                patch("offtakes", 1, "project", "Kwinana"),
                "offtakes!B2: 'Kwinana' is not in sheet projects. Add it there, or mend the name.",
            ),
            (
                "market unknown",
                patch("prices", 2, "market", "Mars"),
                "prices!B3: 'Mars' is not in sheet regions. Add it there, or mend the name.",
            ),
            (
                "payment unknown",
                patch("programmes", 4, "pays_for", "lunch"),
                f"programmes!R5: 'lunch' cannot be paid for. Choose from: {', '.join(PAYS_FOR)}.",
            ),
            (
                "metric misspelt",
                patch("targets", 1, "metric", "dependance"),
                "targets!B2: 'dependance' is not one of: dependence, shortfall, source_share,"
                " home_share, output. Did you mean 'dependence'?",
            ),
            (
                "negative bound",
                patch("targets", 1, "bound", -0.5),
                "targets!E2: -0.5 is below 0. Type 0 or more.",
            ),
        )
    ),
    (
        "calibration scope malformed",
        [
            add("calibration", metric="output", scope="oxide", year=2026, published=1, tolerance=1),
        ],
        [
            "calibration!B2: 'oxide' is not of the form commodity:bloc or region or world."
            " Mend the scope."
        ],
    ),
    (
        "calibration scope misspelt",
        [
            add(
                "calibration",
                metric="output",
                scope="oxide:CNH",
                year=2026,
                published=1,
                tolerance=1,
            ),
        ],
        ["calibration!B2: 'CNH' is not a bloc or region or world. Did you mean 'CHN'?"],
    ),
    (
        "variant without a name",
        [
            lambda case: case.update(
                variants=[
                    ["variant", "sheet", "row", "column", "value"],
                    ["", "regions", "AUS", "bloc", "ally"],
                ]
            )
        ],
        ["variants!A2: variant is blank. It is required."],
    ),
    *(
        (
            f"date of the data {written}",
            [setting("data_date", written)],
            [
                f"settings!B{len(tiny()['settings']) + 1}: data_date: '{written}' is not a date."
                " Write it as 2026-11-25, 2026-11 or 2026."
            ],
        )
        for written in ("2026-13", "2026-02-30", "soon", "25.11.2026", "2026-1")
    ),
    (
        "nameless rows beyond the twenty that are added up",
        [add("regions", bloc="ally") for _ in range(21)],
        [f"regions!A{row}: region is blank. It is required." for row in range(5, 26)],
    ),
]


def reported(path: Path) -> list[str]:
    """The faults of a workbook as text, none if it is sound."""
    try:
        read(path)
    except InputError as error:
        return [str(issue) for issue in error.issues]
    return []


@pytest.mark.parametrize(
    ("changes", "expected"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_fault_is_reported_in_words(
    tmp_path: Path, changes: list[Edit], expected: list[str]
) -> None:
    path = tiny_case(tmp_path, *changes)
    before = sorted(tmp_path.rglob("*"))
    assert reported(path) == expected
    result = CliRunner().invoke(cli, ["check", str(path)])
    assert result.exit_code == 2
    assert sorted(tmp_path.rglob("*")) == before


def workbook(tmp_path: Path, change: Callable[[openpyxl.Workbook], None], *changes: Edit) -> Path:
    """The case as .xlsx with a change that only Excel files can have."""
    path = tiny_case(tmp_path, *changes, xlsx=True)
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def put(sheet: str, cell: str, value: object) -> Callable[[openpyxl.Workbook], None]:
    """Set one cell of a workbook."""

    def change(book: openpyxl.Workbook) -> None:
        book[sheet][cell] = value

    return change


EXCEL_FAULTS: list[tuple[str, Callable[[openpyxl.Workbook], None], list[str]]] = [
    (
        "number stored as text",
        put("projects", "G2", "400"),
        ["projects!G2: '400' is text, not a number. Type 400 as a number."],
    ),
    (
        "year stored as text",
        put("projects", "L2", "2026"),
        ["projects!L2: '2026' is text, not a number. Type 2026 as a number."],
    ),
    (
        "error value",
        put("projects", "G2", "#DIV/0!"),
        ["projects!G2: #DIV/0! is an error value. Fix the formula or type a number."],
    ),
    (
        "formula never calculated",
        put("projects", "G2", "=2*200"),
        ["projects!G2: this formula was never calculated. Open the file in Excel, press F9, save."],
    ),
    (
        "merged cells",
        lambda book: book["regions"].merge_cells("B2:B3"),
        ["regions!B2: cells B2:B3 are merged. Unmerge them and fill each."],
    ),
    (
        "truth value for a number",
        put("projects", "G2", True),
        ["projects!G2: TRUE is not a number. Type a number."],
    ),
    (
        "date for a number",
        put("projects", "G2", datetime.date(2028, 1, 1)),
        [
            "projects!G2: 2028-01-01 is a date, not a number."
            " Type a number; formatted as a number, the cell holds 46753."
        ],
    ),
]


@pytest.mark.parametrize(
    ("change", "expected"), [f[1:] for f in EXCEL_FAULTS], ids=[f[0] for f in EXCEL_FAULTS]
)
def test_fault_of_excel_files(
    tmp_path: Path, change: Callable[[openpyxl.Workbook], None], expected: list[str]
) -> None:
    path = workbook(tmp_path, change)
    content = path.read_bytes()
    assert reported(path) == expected
    assert path.read_bytes() == content
    assert CliRunner().invoke(cli, ["check", str(path)]).exit_code == 2


def test_old_or_encrypted_file(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"0" * 100)
    assert reported(path) == [
        "old.xls: this is an old .xls file, or it has a password."
        " Save it as .xlsx without a password."
    ]


def test_not_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    path.write_text("hello", encoding="utf-8")
    words = "case.xlsx: this is not an Excel workbook. Name an .xlsx file or a folder of CSV files."
    assert reported(path) == [words]


def test_damaged_workbook(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    words = "case.xlsx: this is not an Excel workbook. Open it in Excel and save it as .xlsx."
    assert reported(path) == [words]


def test_workbook_whose_list_of_parts_is_damaged(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    signature = b"PK\x01\x02"  # of an entry of the zip's directory: PKWARE APPNOTE, 4.3.12
    path.write_bytes(path.read_bytes().replace(signature, bytes(4)))
    words = "case.xlsx: this is not an Excel workbook. Open it in Excel and save it as .xlsx."
    assert reported(path) == [words]


def test_workbook_that_was_cut_short(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    path.write_bytes(path.read_bytes()[:2000])
    words = "case.xlsx: this is not an Excel workbook. Open it in Excel and save it as .xlsx."
    assert reported(path) == [words]


def test_file_that_may_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    path = tiny_case(tmp_path, xlsx=True)
    monkeypatch.setattr(Path, "read_bytes", locked)
    assert reported(path) == [
        "case.xlsx: it cannot be opened (Permission denied)."
        " Close it in other programs and check that you may read it."
    ]


def test_missing_file(tmp_path: Path) -> None:
    assert reported(tmp_path / "no.xlsx") == [
        "no.xlsx: there is no such file or folder. Check the name and the folder."
    ]


def test_folder_without_csv(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    words = "empty: this folder holds no CSV files. Name a folder with regions.csv ..."
    assert reported(tmp_path / "empty") == [words]


def test_csv_in_another_encoding(tmp_path: Path) -> None:
    path = tiny_case(tmp_path)
    (path / "sources.csv").write_bytes("source,title\na,\xe9t\xe9\n".encode("latin-1"))
    words = "sources: the file sources.csv is not CSV text in UTF-8. Save it as 'CSV UTF-8'."
    assert reported(path) == [words]


def test_all_faults_at_once(tmp_path: Path) -> None:
    path = tiny_case(
        tmp_path,
        patch("projects", 1, "capex", "1,200"),
        patch("projects", 3, "project", "P2"),
        patch("regions", 3, "bloc", "coverd"),
        patch("projects", 1, "requires", "P1"),
        setting("gap", 5),
        rename("demand", "segment", "segmnt"),
    )
    assert [line.split(":")[0] for line in reported(path)] == [
        "settings!B11",
        "regions!C4",
        "projects!G2",
        "projects!R2",
        "projects!A4",
        "demand!C1",
    ]


GARBAGE = [
    "",
    "?",
    "-1",
    "1e9",
    "2028.5",
    "P1",
    "*",
    "bloc:ally",
    "magnet:any",
    "force 2030",
    ";",
    "0",
    "'",
    "9" * 400,
]


def full() -> Cells:
    """The example with rows in the sheets that it leaves out."""
    case = tiny()
    for change in FULL_CASE:
        change(case)
    return case


@pytest.mark.parametrize("sheet", list(full()))
def test_no_content_of_a_cell_is_a_surprise(tmp_path: Path, sheet: str) -> None:
    table = full()[sheet]
    for number, column in enumerate(table[0]):
        for step, text in enumerate(GARBAGE):
            row = 1 + step % (len(table) - 1)
            change = patch(sheet, row, str(column), text)
            reported(tiny_case(tmp_path / f"{number}-{step}", *FULL_CASE, change))
