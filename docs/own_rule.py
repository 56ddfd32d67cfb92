"""A rule of one's own: once a year villages with little trust learn from the partner that is trusted most."""

from sim import DistrictModel, Village

SPEED = 0.2


class VisitingModel(DistrictModel):
    """The model of a district, plus visits among the villages of a cluster."""

    def __init__(self, district, strategy, future=0, rng=None, **more):
        super().__init__(district, strategy, rng=future, world=future, **more)

    def step(self):
        """At the turn of the year villages visit; then a quarter passes as usual."""
        if self.quarter == 4:
            best = {village: max([other.trust for other in village.partners], default=0) for village in self.villages}
            self.agents_by_type[Village].do(visit, best)
        super().step()


def visit(village, best):
    """Close a part of the gap to the best partner, as it was before anybody moved."""
    village.trust += SPEED * max(best[village] - village.trust, 0)


if __name__ == "__main__":
    from experiments import load_district, load_strategy

    model = VisitingModel(load_district("enyang"), load_strategy("existing"), future=1)
    while model.running:
        model.step()
    table = model.datacollector.get_model_vars_dataframe()
    print(table[["year", "quarter", "trust_mean", "participation"]].tail())
