"""Many solves of one case: what other money would do, which limits bind, what rests on what.

A study makes tasks (`task`) from a case or an answer, each a changed instance (`change`) and what
is asked of it (`ask`); the runner has them answered in any process and any order (`runner`), keeps
them where a store is given (`store`), and the study collects the answers into its rows.
"""
