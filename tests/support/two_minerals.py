"""A case of two minerals that compete for the money of one plant."""

from __future__ import annotations

# 100 a and 10 b are asked for; half of a is made at home, nothing of b. A plant of each, of which
# the money pays one.
SHEETS = {
    "regions": """region,bloc
        H,ally
        C,covered""",
    "commodities": """commodity,mineral,stage
        a,alpha,mining
        b,beta,mining""",
    "processes": """process,stage
        dig_a,mining
        dig_b,mining""",
    "recipes": """process,commodity,amount
        dig_a,a,1
        dig_b,b,1""",
    "facilities": """facility,region,processes,capacity
        home_a,H,dig_a,50
        all_a,C,dig_a,500
        all_b,C,dig_b,500""",
    "projects": """project,region,processes,capacity,capex,lead_time
        more_a,H,dig_a,50,10,0
        more_b,H,dig_b,10,10,0""",
    "programmes": """programme,amount
        fund,10""",
    "demand": """region,commodity,2026
        H,a,100
        H,b,10""",
}
WEIGHTS = """mineral,weight
    alpha,5
    beta,3"""
