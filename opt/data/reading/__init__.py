"""From files to typed rows: reading knows the sheets and nothing of what a case means."""
