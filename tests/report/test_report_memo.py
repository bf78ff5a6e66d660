"""memo.docx and report.html: every number from run.json, accessible, escaped, honest."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import docx
import pytest
from blank import DOT
from documents import run_json
from docx.oxml.ns import qn
from lxml import etree
from run_factory import LAST, make_run

from opt.record.passes import Outcome
from opt.record.projects import PlanUsed
from opt.record.run import Run
from opt.report import documents, wording
from opt.report.figures import registry
from opt.report.story import Story
from opt.results.case import case_record

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?")
EVIL = '<script>alert("x")</script> & "Co" $x^$ \x0b'


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A file that stands for the workbook."""
    path = tmp_path / "case.xlsx"
    path.write_bytes(b"a workbook")
    return path


def _document(run: Run) -> Any:
    """The memo with its words; a dot stands for each figure, which the page of such runs draws."""
    with patch.object(registry, "render", lambda *_: DOT):
        return docx.Document(io.BytesIO(documents.memo_bytes(Story(run))))


def _text(run: Run) -> str:
    body = _document(run).element.body
    paragraphs = body.iter(qn("w:p"))
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in paragraphs)


def report_html(run: Run) -> str:
    """The page of a run."""
    return documents.report_html(Story(run))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _leaves(inner)
    elif isinstance(value, list | tuple):
        yield len(value)
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value


def _shown(value: float) -> list[str]:
    """All the ways in which wording may show a number."""
    return [
        wording.percent(value), wording.points(value), wording.money(value), str(value),
        wording.short_money(value), wording.number(value), wording.tiny(value),
        wording.bound_value("dependence", value), wording.bound_value("cost", value),
        wording.whole_percent(value), wording.round_money(value), wording.about(value),
    ]  # fmt: skip


def _allowed(run: Run) -> set[str]:
    # What the audit of a run checked is told in sum.
    allowed = {f"{sum(run.audit.checked.values()):,}"}
    for leaf in _leaves(run_json(run)):
        texts = [leaf] if isinstance(leaf, str) else []
        if isinstance(leaf, int | float) and not isinstance(leaf, bool):
            texts = _shown(leaf)
        for text in texts:
            allowed.update(NUMBER.findall(text))
    return allowed


def _derived(run: Run) -> set[str]:
    """Differences and sums of run.json's figures that the memo tells, worked out here again: what
    serving allies costs more, at least; growth of demand; what is exposed of each good; capital and
    public money of rows and groups of projects."""
    record = run_json(run)
    metrics, before = record["metrics"], record["metrics"]["baseline"]
    added = [metrics["cost_musd"] - before["cost_musd"]]
    added += [
        e["bound"] - before["cost_musd"] for e in record["passes"] if e["objective"] == "cost"
    ]
    by_year = [metrics["by_year"][t]["demand"] for t in sorted(metrics["by_year"])]
    rows = [p["capex_musd"] for p in record["projects"]]
    sums = {sum(rows[a:b]) for a in range(len(rows)) for b in range(a + 1, len(rows) + 1)}
    rules = run.case.projects
    sums |= {rules[p["project"]].public_share * p["capex_musd"] for p in record["projects"]}
    shares = set()
    for flows in (run.solution.allied, run.baseline_flows):
        last = [e for e in flows.deliveries if e.year == LAST]
        for name in {(e.commodity, e.segment) for e in last}:
            own = [e for e in last if (e.commodity, e.segment) == name]
            lost = sum(e.exposed + e.short for e in own)
            shares.add(lost / sum(e.demand for e in own))
    options = record["options"]
    added += [e["cost_musd"] - before["cost_musd"] for e in options if e["cost_musd"] is not None]
    ends = [e[key] for e in options for key in ("dependence", "bound")]
    points = {one - other for one in ends for other in ends}
    # A plant runs at 0.95 of its capacity in the year in which it runs most.
    made = {0.95 * p["capacity"] for p in record["projects"] if p["capacity"]}
    made |= {0.95 * 40 * n for n in range(len(record["projects"]))}
    texts = [t for value in (*added, *sums, *shares, *points, *made) for t in _shown(value)]
    texts.append(f"{by_year[-1] / by_year[0]:.1f}")
    return {number for text in texts for number in NUMBER.findall(text)}


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("projects", [0, 1, 3, 40])
def test_every_number_of_the_memo_comes_from_run_json(
    book: Path, projects: int, full: bool
) -> None:
    run = make_run(book, projects, full=full)
    text = _text(run)
    known = [run.sha256, run.sha256[:8], "SHA-256", "https://example.org/y", "2024", "S1"]
    for word in known:
        text = text.replace(word, "")
    text = re.sub(r"^(Table|Figure) \d+", "", text, flags=re.M)
    run_says = _allowed(run)
    more = {str(n) for n in range(1, projects) if f"and {n} more" in text}
    own = {"6", "10", "10,000"}  # rows of long tables; the index of one maker
    strange = set(NUMBER.findall(text)) - run_says - more - own - _derived(run)
    assert not strange


def test_the_memo_says_the_headline_numbers(book: Path) -> None:
    run = make_run(book, 3)
    text = _text(run)
    # 900 of 1,000 t without the plan; 3 projects take out 40 t each.
    assert "In 2035 it is 90% with no new money and 78% with the plan" in text
    assert "In tonnes: 900 in 2026; in 2035 900 with no new money and 780 with the plan." in text
    assert "It takes 3 projects: USD 300 million, all by named projects." in text
    assert "USD 150 million of the capital is public" in text
    assert (
        "Best plan 80.0%. No plan within these budgets can beat 80.0%. It is proven best." in text
    )
    assert "Where the chain first touches Coverland" in text
    assert "DRAFT" in text
    assert text.count("[Analyst:") == 1
    assert run.sha256 in text


def test_a_stopped_run_never_reads_as_an_optimum(book: Path) -> None:
    text = _text(make_run(book, 3, status=Outcome.FEASIBLE))
    assert "not a proven optimum" in text
    assert "Best plan found before the search stopped 80.0%" in text
    assert "No plan within these budgets can beat 78.6%." in text
    assert "Best plan 80.0%" not in text


def test_a_later_pass_that_stopped_is_said(book: Path) -> None:
    run = make_run(book, 3)
    text = _text(replace(run, status=Outcome.FEASIBLE))
    assert "A later pass stopped early" in text


def test_a_given_plan_is_not_called_best(book: Path) -> None:
    run = make_run(book, 3, plan=PlanUsed("Announced", False, ()))
    text = _text(run)
    assert "The plan 'Announced' was taken as given; no better plan was looked for." in text
    assert "proven best" not in text


def test_a_run_without_a_plan_says_so(book: Path) -> None:
    text = _text(make_run(book, 0, status=Outcome.INFEASIBLE))
    assert "No plan obeys every rule of the workbook" in text


def test_the_memo_is_accessible(book: Path) -> None:
    document = docx.Document(io.BytesIO(documents.memo_bytes(Story(make_run(book, 40)))))
    assert document.core_properties.title == "Hand-made case"
    assert document.core_properties.language == "en-US"
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    assert len(document.inline_shapes) == 4
    for table in document.tables:
        first = table.rows[0]._tr.trPr
        assert first.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings[:3] == ["Decision", "Bottom line", "Base case"]
    annexes = [h[:7] for h in headings if h.startswith("Annex")]
    assert annexes == [f"Annex {chr(65 + n)}" for n in range(len(annexes))]
    assert headings[-len(annexes) :] == [h for h in headings if h.startswith("Annex")]
    levels = [int(p.style.name[-1]) for p in document.paragraphs if p.style.name.startswith("Head")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_two_covered_regions_are_a_bloc(book: Path) -> None:
    run = make_run(book, 1)
    regions = run.workbook.rows["regions"]
    second = replace(regions[1], values={**regions[1].values, "bloc": "covered"})
    rows = {**run.workbook.rows, "regions": (regions[0], second, regions[2])}
    tables = replace(run.workbook, rows=rows)
    assert case_record(run.workbook).covered == "Coverland"
    assert case_record(tables).covered == "the covered bloc"


HEADINGS = ("Targets", "Stockpiles", "Plants that run because they are paid, and plants that idle")


def _headings(run: Run) -> list[str]:
    return [p.text for p in _document(run).paragraphs if p.style.name.startswith("Heading")]


def test_sections_stand_only_where_their_feature_is_used(book: Path) -> None:
    plain, full = make_run(book, 3), make_run(book, 3, full=True)
    annexes = {n: {h.split(". ", 1)[-1] for h in _headings(r)} for n, r in enumerate((plain, full))}
    assert not set(HEADINGS) & annexes[0]
    assert set(HEADINGS) <= annexes[1]
    bare = replace(plain, touch=(), elements=(), world=())
    assert {"Elements", "Concentration of world output"} <= set(_headings(plain))
    assert not {"Elements", "Concentration of world output"} & set(_headings(bare))
    ids = {"targets", "stockpiles", "support"}
    assert not ids & set(_page(plain)[1].xpath("//section/@id"))
    assert ids <= set(_page(full)[1].xpath("//section/@id"))
    assert not {"elements", "world"} & set(_page(bare)[1].xpath("//section/@id"))


@pytest.mark.parametrize("words", [_text, report_html])
def test_the_headline_says_all_public_money_and_its_uses(book: Path, words: Any) -> None:
    parts = "USD 30 million for stock and USD 5.0 million for price and output support"
    assert (
        f"It takes 3 projects: USD 300 million, all by named projects. USD 150 million of the "
        f"capital is public, with {parts} of public money beside."
    ) in words(make_run(book, 3, full=True))
    assert f"It takes no new project, with {parts} of public money beside." in words(
        make_run(book, 0, full=True)
    )


def _cells(run: Run, caption: str) -> list[list[str]]:
    """The table of the memo whose title begins so."""
    (table,) = [
        table
        for table in _document(run).tables
        if table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")).startswith(caption)
    ]
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_memo_shows_stock_as_what_it_is(book: Path) -> None:
    (line,) = _cells(make_run(book, 3, full=True), "Stockpiles")[1:]
    assert line == [
        "RES: metal product, Aland",
        "110 t clear and 40 t exposed, 2027 to 2028",
        "Stock office 30",
        "55 days, 2028",
        "15 days",
        "40 t exposed",
        "110 t clear, 2031",
    ]


def test_the_memo_shows_who_is_paid_and_who_idles(book: Path) -> None:
    run = make_run(book, 3, full=True)
    lines = _cells(run, "Plants that cost more")[1:]
    assert lines == [
        [
            *("Old smelter", "metal process", "50,000 to 70,000", "2030 to 2031", "100 t"),
            *("2032 to 2035", "Support fund 5.0"),
        ],
        [
            "Old magnet works",
            "magnet process",
            "50,000",
            "never",
            "nothing",
            "2030 to 2035",
            "none",
        ],
    ]
    text = _text(run)
    assert "since they cost more than they earn: 1. Plants that stand idle" in text
    # Support begins in 2030, after the decisions of the next two years.
    assert "pay Old smelter to run" not in text
    bought = "buy 110 t clear and 40 t exposed of metal product for stock in Aland"
    assert f"2027 to 2028: {bought} (USD 30 million of Stock office)." in text


def test_the_memo_names_what_lacks_where_a_plant_runs_less_than_its_least_use(book: Path) -> None:
    # Of 20 t a year 15 are idle in 2034 for want of c1, and 5 in 2035: 20 of 40.
    (line,) = _cells(make_run(book, 3, full=True), "Existing plants below")[1:]
    lacks = "input separation product; neither input nor demand"
    assert line[1:4] == ["2034 to 2035", "50.0%", lacks]


def test_the_memo_shows_targets_in_words(book: Path) -> None:
    first, second = _cells(make_run(book, 3, full=True), "Targets")[1:]
    assert first == [
        *("T1", "Dependence of all allied demand", "2035", "at most 95.0%", "78.0%"),
        *("17.0 points", "90.0%"),
    ]
    assert second == [
        *("T2", "Output of metal product in Bland", "2031", "at least 40 t", "50 t", "10 t", "0 t"),
    ]


def test_the_chain_is_told_before_and_after(book: Path) -> None:
    run = make_run(book, 3)
    finding = (
        "In 2035 supply first touches Coverland most in separation (38.5% of allied demand; 44.5% "
        "without new money)"
    )
    assert f"{finding}." in _text(run)
    assert report_html(run).count(finding) >= 3
    lines = {line[0]: line[1:] for line in _cells(run, "Where the chain")[1:]}
    assert lines["mining"][:4] == ["0.0%", "0.0%", "25.0%", "0.0%"]
    assert lines["metal"][:2] == ["26.7%", "23.1%"]
    assert lines["stock"] == ["17.8%", "15.4%", "none", "none", "none"]


def test_methods_are_told_where_used(book: Path) -> None:
    used = ("Stock is bought at the market price", "its offtake contract", "Targets are rules")
    plain, full = _text(make_run(book, 3)), _text(make_run(book, 3, full=True))
    assert all(words.casefold() in full.casefold() for words in used)
    assert not any(words in plain for words in used)


def test_a_target_without_slack_is_a_risk(book: Path) -> None:
    run = make_run(book, 3, full=True)
    tight = replace(run, targets=(replace(run.targets[0], slack=0.0), run.targets[1]))
    assert "No slack in target T1." in _text(tight)
    assert "No slack in target" not in _text(run)


def _page(run: Run) -> tuple[str, Any]:
    text = report_html(run)
    body = text.removeprefix("<!DOCTYPE html>\n")
    return text, etree.fromstring(body.encode("utf-8"))


@pytest.mark.parametrize("projects", [0, 1, 40])
def test_the_page_is_well_formed_and_has_no_script(book: Path, projects: int) -> None:
    text, root = _page(make_run(book, projects, names={0: EVIL}, title=EVIL))
    tags = {etree.QName(node).localname for node in root.iter() if isinstance(node.tag, str)}
    assert "script" not in tags
    assert "<script" not in text
    assert not [name for node in root.iter() for name in node.attrib if name.startswith("on")]
    links = root.xpath("//@href | //@src")
    assert all(str(link).startswith("#") for link in links)


def test_ids_of_the_page_are_unique_and_links_arrive(book: Path) -> None:
    _, root = _page(make_run(book, 40))
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {str(link)[1:] for link in root.xpath("//a/@href")} <= set(ids)


def test_the_page_is_accessible(book: Path) -> None:
    _, root = _page(make_run(book, 3))
    assert root.get("lang") == "en"
    space = {"s": "http://www.w3.org/2000/svg"}
    figures = root.xpath("//s:svg", namespaces=space)
    assert len(figures) == 2 * 4  # for a wide and for a narrow screen
    for figure in figures:
        assert figure.xpath("string(s:title)", namespaces=space)
        assert figure.xpath("string(s:desc)", namespaces=space)
    assert all(head.get("scope") for head in root.xpath("//th"))
    assert root.xpath("count(//table)") == root.xpath("count(//table/caption)")


def test_odd_names_reach_the_reader_as_text(book: Path) -> None:
    run = make_run(book, 1, names={0: EVIL})
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in report_html(run)
    assert '<script>alert("x")</script> & "Co" $x^$' in _text(run)


def test_the_page_and_the_memo_tell_the_same_headline(book: Path) -> None:
    run = make_run(book, 3)
    sentence = "In 2035 it is 90% with no new money and 78% with the plan"
    assert sentence in report_html(run)
    assert sentence in _text(run)


@pytest.mark.parametrize("words", [_text, report_html])
def test_a_part_of_a_shared_programme_is_told(book: Path, words: Any) -> None:
    run = make_run(book, 3)
    told = (
        "By the workbook this chain may take 20.0% of Loan office; amounts and limits are of that"
    )
    assert told not in words(run)
    programmes = dict(run.case.programmes)
    programmes["LN"] = replace(programmes["LN"], share=0.2)
    assert told in words(replace(run, case=replace(run.case, programmes=programmes)))


@pytest.mark.parametrize("words", [_text, report_html])
def test_capacity_that_counts_by_a_chance_is_told(book: Path, words: Any) -> None:
    run = make_run(book, 3)
    assert "counts by the chance" not in words(run)
    projects = {
        key: replace(project, chance=chance)
        for (key, project), chance in zip(run.case.projects.items(), (0.35, 1.0, 0.9), strict=True)
    }
    told = (
        "Capacity of 2 of 3 projects in the plan counts by the chance that it reaches operation "
        "(35.0% to 90.0%), as if each worked in part."
    )
    assert told in words(replace(run, case=replace(run.case, projects=projects)))
