"""The world pass: everybody outside the alliance, once the answer of allies stands."""

from __future__ import annotations

from opt.errors import SolverError
from opt.model.objectives import measure
from opt.model.outlays import OUTLAYS
from opt.model.projects import throughput
from opt.record.flows import CLEAR, Flows
from opt.record.passes import Pass
from opt.solver.extract import Reader
from opt.solver.highs import HOLDS, Vector
from opt.solver.progress import Listener
from opt.solver.stage import FIXED_TOLERANCE, Stage, as_pass, others_served

# A point may miss a row by more than the solver was asked for, once its own scaling is undone: what
# is fixed there then takes as much. The closest at which there are flows is taken.
TOLERANCES = (FIXED_TOLERANCE, 1e-6, HOLDS)


def serve_world(network: Stage, point: Vector, listener: Listener) -> tuple[Pass, Flows]:
    """Everybody else served as well as can be: least shortage, then least cost.

    Commitments, clear flows and allied deliveries stay as they are at the point, and no more of a
    least use stands idle.
    """
    listener.begin("world")
    solver, model = network.solver, network.model
    solver.release_rows()
    solver.set_upper(others_served(network), None)
    solver.fix({n: float(point[n]) for n in _fixed_for_world(network)} | _idle(network, point))
    shortage = measure(model, "world")
    for tolerance in TOLERANCES:
        solver.relax_tolerance(tolerance)
        first = solver.minimise(shortage.expression, obey=False)
        if first.point is None:
            continue
        most = first.value + FIXED_TOLERANCE * max(1.0, first.value)
        solver.keep_below(shortage.expression, most)
        second = solver.minimise(measure(model, "cost").expression, obey=False)
        if second.point is not None:
            result = as_pass(shortage, first, "world")
            return result, Reader(solver, model, second.point).flows(others=True)
        solver.release_rows()
    raise SolverError("the world pass found no flows")


def _idle(network: Stage, point: Vector) -> dict[int, float]:
    """What stands idle of each least use at a point, by column: what the runs there leave of it."""
    solver, model = network.solver, network.model
    unused = {
        key: model.data.facilities[key[0]].least(key[1])
        - solver.value_of(throughput(model, *key), point)
        for key in model.index.IDLE
    }
    return {solver.column_of(model.idle[key]): max(0.0, left) for key, left in unused.items()}


def _fixed_for_world(network: Stage) -> list[int]:
    """Columns of commitments, money, stock, clear flows and allied deliveries."""
    model, column = network.model, network.solver.column_of
    index, demands = model.index, model.data.demands
    variables = [
        *(model.build[key] for key in index.BUILD),
        *(model.size[key] for key in index.SIZE),
        *(model.pay[key] for key in index.PAY),
        *(model.ticket[key] for key in index.TICKET),
        *(model.chosen[j] for j in model.index_chosen),
        *(model.run[key] for key in index.RUN if key[2] == CLEAR),
        *(model.send[key] for key in index.SEND if key[1] == CLEAR),
        *(model.out[key] for key in index.OUT if key[2] == CLEAR),
        *(model.into[key] for key in index.INTO if key[2] == CLEAR),
        *(model.level[key] for key in index.LEVEL),
        *(model.buy[key] for key in index.BUY),
        *(model.release[key] for key in index.RELEASE),
        *(getattr(model, use.variable)[key] for use in OUTLAYS for key in index.paid(use)),
        *(model.serve[key] for key in index.SERVE if demands[key[0]].allied),
        *(model.short[key] for key in index.SHORT if demands[key[0]].allied),
    ]
    return [column(variable) for variable in variables]
