"""The agents as plain records: one attribute for each state variable of `sim.columns`, under the same name.

Money in 万元, rates a year, as there. A list over modes follows the order of `oracle.modes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import mesa
import numpy as np

from sim.purposes import PURPOSES


class Sums(dict):
    """Sums of money by purpose; what nobody paid for yet is 0, and an unknown purpose an error."""

    def __missing__(self, purpose: str) -> float:
        PURPOSES.check((purpose,))
        return 0.0


@dataclass(eq=False)
class OracleAgent(mesa.Agent):
    """Anybody who acts."""

    model: mesa.Model
    number: int

    def __post_init__(self) -> None:
        super().__init__(self.model)


@dataclass
class Policy:
    """What the levers want of one village this year; every year begins with these values."""

    advice: float = 0.0
    village_plan: float = 0.0
    paired: float = 0.0
    purchases: float = 0.0
    demonstration_site: float = 0.0
    demonstration_visit: float = 0.0
    joint: float = 0.0
    joint_lead: float = 0.0
    pool_contribution: float = 0.0
    pool_mode: float = 0.0
    pool_sharing: float = 0.0
    company: float = 0.0
    company_startup: float = 0.0
    company_entry: float = 0.0
    company_stake_share: float = 0.0
    company_stake_years: float = 0.0
    company_mandatory: float = 0.0
    company_business: float = 0.0
    company_payout: float = 0.0
    company_advice: float = 0.0
    company_post: float = 0.0
    professionals: float = 0.0
    manager_pay: float = 0.0
    manager_pay_public: float = 0.0
    public_contracts: float = 0.0
    supervision: float = 0.0
    disclosure: float = 0.0
    guarantee: float = 0.0
    interest_subsidy: float = 0.0
    expert_service: float = 0.0
    local_brand: float = 0.0
    coordination: float = 0.0
    alliance: float = 0.0
    alliance_size: float = 0.0
    alliance_reach: float = 0.0
    cost_share: float = 0.0
    fine: float = 0.0
    monitor: float = 0.0
    promotion: float = 0.0
    bonus_share: float = 0.0
    bonus_tier_from: float = 0.0
    bonus_tier: float = 0.0
    ratchet_relief: float = 0.0
    performance_pay: float = 0.0
    secretary_pay: float = 0.0
    graded: float = 0.0
    grade_top_share: float = 0.0
    grade_low_share: float = 0.0
    grade_bottom_share: float = 0.0
    grade_weight_income: float = 0.0
    grade_weight_participation: float = 0.0
    grade_weight_audit: float = 0.0
    grade_pay_a: float = 0.0
    grade_pay_c: float = 0.0
    grade_pay_d: float = 0.0
    grade_promotion: float = 0.0
    bonus_floor: float = 0.0
    benefits: float = 0.0
    reserve_pool: float = 0.0
    college_weight: float = 0.0
    assessment: float = 0.0
    age_cap_new: float = 200.0
    age_cap_incumbent: float = 200.0
    platform: float = 0.0
    platform_home: float = 0.0
    platform_party: float = 0.0
    platform_voice: float = 0.0
    platform_openness: float = 0.0
    platform_credit: float = 0.0
    service_shift: float = 0.0
    norm_reform: float = 0.0
    training: float = 0.0
    career_path: float = 0.0
    responsibility: float = 0.0
    target_pressure: float = 0.0
    target_income: float = 0.0
    report_inflation: float = 0.0
    risk_control: float = 0.0
    grid: float = 0.0
    doorstep: float = 0.0
    rectified: float = 0.0
    road_repair_km: float = 0.0


@dataclass(eq=False)
class Secretary(OracleAgent):
    """The party secretary of a village."""

    age: float = 0.0
    is_college: float = 0.0
    is_capable: float = 0.0
    skill: float = 0.0
    effort: float = 0.0
    ability: float = 0.0
    manager_quality: float = 0.0
    tenure: float = 0.0
    training_stock: float = 0.0
    promoted: float = 0.0
    grade: int = 0
    years_at_bottom: float = 0.0
    removed: float = 0.0
    wrongly_removed: float = 0.0
    own_ability: float = 0.0


@dataclass(eq=False)
class Candidate(OracleAgent):
    """A member of the reserve pool of a town."""

    town: int = 0
    age: float = 0.0
    is_college: float = 0.0
    is_capable: float = 0.0
    skill: float = 0.0
    used: float = 0.0
    joined: float = 0.0


@dataclass(eq=False)
class Resident(OracleAgent):
    """A registered resident of the sample; numbers in float32 where the engine keeps float32."""

    village: Village | None = None
    is_anchor: bool = False
    place: int = 0
    ties: list[Resident] = field(default_factory=list)
    age: int = 18
    away: bool = False
    phone_draw: np.float32 = np.float32(0)
    leaning: np.float32 = np.float32(0)
    participates: int = 0
    inclination: np.float32 = np.float32(0)
    online: np.float32 = np.float32(0)


@dataclass(eq=False)
class Enterprise(OracleAgent):
    """A site in a village, with or without an enterprise that came."""

    village: Village | None = None
    alive: float = 0.0
    capital: float = 0.0
    from_pipeline: float = 0.0


@dataclass(eq=False)
class Alliance(OracleAgent):
    """The industry alliance that the village of the same number leads, if it does."""

    alive: float = 0.0
    dissolved: float = 0.0
    quality: float = 0.0
    peer_gain: float = 0.0
    years_weak: float = 0.0


@dataclass(eq=False)
class Venture(OracleAgent):
    """A pooled project of a cluster, or the company of a town."""

    is_company: bool = False
    members: list[Village] = field(default_factory=list)
    cash: float = 0.0
    capital: list[float] = field(default_factory=list)
    pending_this_year: list[float] = field(default_factory=list)
    pending_last_year: list[float] = field(default_factory=list)
    mix: list[float] = field(default_factory=list)
    advantage: list[float] = field(default_factory=list)
    idiosyncratic_price: float = 0.0
    active: float = 0.0
    founded: float = 0.0
    wound_up: float = 0.0
    years_active: float = 0.0
    years_collecting: float = 0.0
    years_paying: float = 0.0
    professional_in_post: float = 0.0
    professional_skill: float = 0.0
    manager_quality: float = 0.0
    supervision: float = 0.0
    public_contracts: float = 0.0
    payout_share: float = 0.0
    sharing: int = 0
    profit_year: float = 0.0
    payout_year: float = 0.0
    failures: float = 0.0


@dataclass(eq=False)
class Village(OracleAgent):
    """A village collective.

    Attributes:
        cohort_home, cohort_away: with residents off, people per registered head by age, 18 first.
        received, paid: what came in from and went out to others this year, by purpose.
    """

    code: str = ""
    cohort_home: list[float] = field(default_factory=list)
    cohort_away: list[float] = field(default_factory=list)
    town: int = 0
    cluster: int = 0
    area: int = 0
    has_settlement: bool = False
    secretary: Secretary | None = None
    residents: list[Resident] = field(default_factory=list)
    sites: list[Enterprise] = field(default_factory=list)
    pool: Venture | None = None
    town_company: Venture | None = None
    policy: Policy = field(default_factory=Policy)
    received: dict[str, float] = field(default_factory=Sums)
    paid: dict[str, float] = field(default_factory=Sums)

    resource_endowment: float = 0.0
    market_access: float = 0.0
    industry: int = 0
    position_x_km: float = 0.0
    position_y_km: float = 0.0
    registered_population: float = 0.0
    population_start: float = 0.0

    cash: float = 0.0
    earmarked_cash: float = 0.0
    reserve_fund: float = 0.0
    pot_commitment: float = 0.0
    pot_earmarked: float = 0.0

    capital: list[float] = field(default_factory=list)
    pending_this_year: list[float] = field(default_factory=list)
    pending_last_year: list[float] = field(default_factory=list)
    advantage: list[float] = field(default_factory=list)
    idiosyncratic_price: list[float] = field(default_factory=list)
    common_price: float = 0.0
    other_price: float = 0.0
    debt: float = 0.0
    earmarked_aid: float = 0.0
    stake: float = 0.0
    company_stake: float = 0.0
    aided_capital: float = 0.0
    years_since_grant: float = 0.0

    labour_share: float = 0.0
    labour_start: float = 0.0
    home_share: float = 0.0
    elderly_share: float = 0.0
    local_opportunity: float = 0.0
    opportunity_start: float = 0.0

    organisation: float = 0.0
    town_renewed: float = 0.0
    reformed: float = 0.0
    demonstration: float = 0.0
    planned: float = 0.0
    local_brand: float = 0.0
    road_share: float = 0.0
    knowledge: float = 0.0
    service_glut: float = 0.0
    transparency: float = 0.0
    trust: float = 0.0
    village_effect: float = 0.0
    service_quality: float = 0.0
    service_upgraded: float = 0.0
    platform_years: float = 0.0
    recruited_members: float = 0.0
    digital_adoption: float = 0.0
    participation: float = 0.0
    dependency: float = 0.0

    advice: float = 0.0

    alliance: int = 0
    was_allied: float = 0.0
    alliance_lead: float = 0.0
    complies: float = 0.0
    brand_premium: float = 0.0
    brand_cost: float = 0.0
    bulk_saving: float = 0.0
    branded_revenue: float = 0.0
    branded_cost: float = 0.0
    premium_year: float = 0.0
    profit_this_quarter: float = 0.0
    pipeline: float = 0.0

    paired: float = 0.0
    captured: float = 0.0
    sponsor_years: float = 0.0
    sponsored_income: float = 0.0
    years_above_line: float = 0.0

    office_subsidy: float = 0.0
    other_income: float = 0.0
    idle_rent: float = 0.0
    found_rent: float = 0.0
    income_operating: float = 0.0
    capital_lost: float = 0.0
    income_reported: float = 0.0
    report_growth: float = 0.0
    income_total: float = 0.0
    income_profit: float = 0.0
    profit_change: float = 0.0
    dividend_per_head: float = 0.0
    failures: float = 0.0
