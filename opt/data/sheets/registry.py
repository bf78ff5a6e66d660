"""The sheets in the order of the template and of docs/workbook.md, and the settings."""

from __future__ import annotations

from opt.data.sheets.calibration import CalibrationRow
from opt.data.sheets.chain import CommodityRow, ContentRow, FacilityRow, ProcessRow, RecipeRow
from opt.data.sheets.columns import Column, Sheet, columns_of
from opt.data.sheets.contracts import OfftakeRow
from opt.data.sheets.declare import SheetRow
from opt.data.sheets.demand import DemandRow
from opt.data.sheets.money import BuildLimitRow, EligibilityRow, PrivateCapitalRow, ProgrammeRow
from opt.data.sheets.projects import PlanRow, ProjectRow, RampRow, SpendRow
from opt.data.sheets.scenarios import ScenarioRow, ShockRow
from opt.data.sheets.setup import CaseSettings, RegionRow, SettingRow, SourceRow, VariantRow
from opt.data.sheets.stock import StockpileRow
from opt.data.sheets.support import SupportRow
from opt.data.sheets.targets import TargetRow
from opt.data.sheets.trade import LaneRow, PriceRow

ROWS: tuple[type[SheetRow], ...] = (
    SettingRow,
    RegionRow,
    CommodityRow,
    ContentRow,
    ProcessRow,
    RecipeRow,
    FacilityRow,
    ProjectRow,
    RampRow,
    SpendRow,
    ProgrammeRow,
    EligibilityRow,
    SupportRow,
    PrivateCapitalRow,
    BuildLimitRow,
    OfftakeRow,
    DemandRow,
    LaneRow,
    PriceRow,
    StockpileRow,
    ScenarioRow,
    ShockRow,
    VariantRow,
    TargetRow,
    PlanRow,
    CalibrationRow,
    SourceRow,
)
SHEETS: tuple[Sheet, ...] = tuple(rows.SHEET for rows in ROWS)
SHEET: dict[str, Sheet] = {sheet.name: sheet for sheet in SHEETS}
ROW: dict[str, type[SheetRow]] = {rows.SHEET.name: rows for rows in ROWS}
SETTINGS: tuple[Column, ...] = columns_of(CaseSettings)
SETTING: dict[str, Column] = {column.name: column for column in SETTINGS}
