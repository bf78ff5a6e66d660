"""A by-product as a workbook: a worked case of docs/workbook.md that a test solves as it stands."""

from __future__ import annotations

BY_PRODUCT = """\
## A by-product, worked

Gallium is won from the liquor of alumina refineries, which run for aluminium. If this chain carried
all that the refinery costs, a plan for gallium would cost as much as one for alumina; if alumina
earned a credit here (a negative `surplus`), the plan could cost less than nothing. Neither is what
gallium costs. So the host runs whatever this chain needs (`least_use` without `idle_cost`), and
this chain carries the part of its operating cost that the by-product is worth (`opex_share`), as
`capex_share` does for capital. The figures are made up.

`settings.csv`
```
key,value
schema,1
title,Gallium from an alumina refinery
first_year,2030
last_year,2031
discount_rate,0
public_share,0
```
`regions.csv`
```
region,bloc
Aland,ally
Coverland,covered
```
`commodities.csv` (what the refinery makes beside the liquor, and liquor that nobody strips, is left
over freely)
```
commodity,mineral,stage,unit,surplus
alumina,aluminium,host,t,free
liquor,gallium,feed,t,free
gallium,gallium,metal,t,free
```
`processes.csv` (a stage that may make from nothing: bauxite is no part of this chain)
```
process,name,stage
refine,Alumina refining,feed
strip,Gallium from liquor,metal
```
`recipes.csv` (liquor is told by the gallium in it: 0.1 kg a tonne of alumina; four fifths are won)
```
process,commodity,amount
refine,alumina,1
refine,liquor,0.0001
strip,liquor,-1.25
strip,gallium,1
```
`facilities.csv` (the refinery of Aland always runs at 90%; gallium is worth 1% of what it makes)
```
facility,region,processes,capacity,capacity_of,opex,opex_share,least_use
a_refinery,Aland,refine,1000000,alumina,300,0.01,0.9
c_refinery,Coverland,refine,5000000,alumina,300,0.01,0.9
c_gallium,Coverland,strip,300,gallium,200000,,
```
`projects.csv`
```
project,region,processes,capacity,capacity_of,capex,lead_time,opex
a_gallium,Aland,strip,60,gallium,24,0,250000
```
`demand.csv`
```
region,commodity,2030,2031
Aland,gallium,50,50
```

The refinery leaves 90 t of gallium a year in liquor, of which 72 t could be won; Aland needs 50 t.
Without the plant all of it comes from Coverland; with it none does. In USD million the plan costs
24 for the plant, 50 t x 250,000 = 12.5 a year to run it, and of the two refineries, which make
900,000 t and 4,500,000 t of alumina a year, 1% of what they cost: 2.7 and 13.5 a year. That is
24 + 2 x (12.5 + 2.7 + 13.5) = 81.4 in all. With opex_share 1 it would be 3,289, nearly all of it
the cost of alumina; with 0 only the plant's own 49.

Where the host is not worth a row, its residue is: a process of stage feed (residues, dust, scrap of
other chains) makes the liquor from nothing, its capacity is what arises in a year, and its opex
what a unit costs at the gate.
"""
