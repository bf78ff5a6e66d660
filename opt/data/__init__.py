"""Room 1: from workbook to Instance. Knows spreadsheets and rules of data; never Pyomo."""
