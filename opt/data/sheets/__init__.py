"""What a workbook holds: every sheet and column, declared by subject."""
