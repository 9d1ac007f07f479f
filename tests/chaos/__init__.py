"""Breaking a cluster while it works, and seeing that nothing is lost: `make chaos`.

A verifiable load (`writer`, `reader`, `listener`) speaks to a cluster whose connections go through links (`link`).
Faults (`fault`) come as a schedule has them (`schedule`); after each, what is recorded, carried and answered is held
against what was sent and answered before (`ledger`, `recorded`, `carried`, `totals`).
"""
