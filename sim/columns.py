"""The state variables of each kind of agent (units, ranges, labels)."""

from __future__ import annotations

import numpy as np

from sim.state import Column

UNGRADED, GRADE_A, GRADE_B, GRADE_C, GRADE_D = range(5)
"""Grades of a secretary (EQ-18)."""
NEVER_GRANTED = 100
"""Years since the last central grant where there was none: more than any pause."""


class VillageColumns:
    """A village collective. Money in 万元 at constant 2024 prices."""

    resource_endowment = Column("ratio, median 1", "资源禀赋", "resource endowment", low=0)
    market_access = Column("ratio, median 1", "市场通达度", "market access", low=0.25, high=2.5)
    industry = Column("0-3", "主导产业", "leading industry", low=0, high=3, dtype=np.int8)
    position_x_km = Column("km east of the seat, synthetic", "东向位置", "position east")
    position_y_km = Column("km north of the seat, synthetic", "北向位置", "position north")
    registered_population = Column("persons", "户籍人口", "registered population", low=0)
    population_start = Column("persons", "常住人口(起始)", "resident population at the start", low=0)

    cash = Column("万元", "现金", "cash", low=0, account="village.cash")
    earmarked_cash = Column("万元", "专项资金", "earmarked cash", low=0, account="village.earmarked_cash")
    reserve_fund = Column("万元", "公积金", "reserve fund", low=0, account="village.reserve_fund")
    pot_commitment = Column(
        "万元", "联建出资承诺", "money committed to a pool", low=0, account="village.pot_commitment"
    )
    pot_earmarked = Column(
        "万元", "联建专项资金承诺", "earmarked money committed to a pool", low=0, account="village.pot_earmarked"
    )

    capital = Column("万元", "经营性资产", "capital", low=0, per_mode=True)
    pending_this_year = Column("万元", "今年在建", "capital placed this year, not yet productive", low=0, per_mode=True)
    pending_last_year = Column("万元", "上年在建", "capital placed last year, not yet productive", low=0, per_mode=True)
    advantage = Column("ratio", "经营条件", "endowment, access, manager and labour in one factor", low=0, per_mode=True)
    idiosyncratic_price = Column("ratio", "个体价格", "village shock to prices this year", low=0, per_mode=True)
    common_price = Column(
        "standard deviations", "共同价格(产业)", "common price series of its industry", dtype=np.float64
    )
    other_price = Column("standard deviations", "共同价格(其他)", "common price series of everything else")
    service_glut = Column("share", "本地服务过剩", "services offered in its town beyond what people buy", low=0, high=1)
    debt = Column("万元", "负债", "debt", low=0)
    earmarked_aid = Column("万元", "专项中帮扶资金", "part of the earmarked cash that came from sponsors", low=0)
    stake = Column("万元", "联建股份", "stake in the cluster's pool", low=0)
    company_stake = Column("万元", "强村公司股份", "stake in the town's company", low=0)
    aided_capital = Column("万元", "帮扶形成资产", "capital that sponsors brought", low=0)
    years_since_grant = Column(
        "years, 100 = never", "距上次财政扶持年数", "years since the last central grant", low=0, high=NEVER_GRANTED
    )

    labour_share = Column("share", "在村劳动力比例", "working age and at home, of registered heads", low=0, high=1)
    labour_start = Column("persons", "起始在村劳动力", "labour at home at the start", low=0)
    home_share = Column("share", "在村比例", "at home, of registered heads", low=0, high=1)
    elderly_share = Column("share", "在村老年比例", "65 and over, of those at home", low=0, high=1)
    local_opportunity = Column("ratio, 1 in the first year", "本地就业机会", "local opportunity", low=0)
    opportunity_start = Column("万元", "起始用工收入", "labour-weighted revenue of the first year", low=0)

    organisation = Column("0-1", "组织力", "organisation", low=0, high=1)
    town_renewed = Column("0/1", "镇主要领导已调整", "chief of its town renewed at the start", low=0, high=1)
    reformed = Column("0/1", "已完成产权改革", "property rights reformed", low=0, high=1)
    demonstration = Column("0/1", "示范点", "has been made a demonstration site", low=0, high=1)
    planned = Column("0/1", "已编产业规划", "has an industry plan", low=0, high=1)
    local_brand = Column("0-1", "本地品牌", "how far the brand of its town's main industry is built", low=0, high=1)
    recruited_members = Column("persons", "新发展党员", "party members recruited by the lever so far", low=0)
    road_share = Column("share", "道路提升比例", "village roads brought up to standard since the start", low=0, high=1)
    knowledge = Column("0-0.25", "联建所学", "knowledge learnt from partners", low=0, high=0.25)
    transparency = Column("0-1", "公开透明度", "transparency", low=0, high=1)
    trust = Column("0-1", "村民信任", "trust of residents", low=0, high=1)
    village_effect = Column("logit", "村庄固有差异", "lasting difference in participation")
    service_quality = Column("0-1", "服务质量", "service quality", low=0, high=1)
    service_upgraded = Column("0/1", "服务中心已改造", "service centre renovated", low=0, high=1)
    platform_years = Column("years", "平台运行年数", "years the platform has run", low=0)
    digital_adoption = Column("0-1", "平台使用率", "digital adoption", low=0, high=1)
    participation = Column("share", "参与率", "registered residents who attend", low=0, high=1)
    dependency = Column("0-1", "依赖度", "dependency on higher levels", low=0, high=1)

    advice = Column("M", "外来指导", "advice from outside on the secretary's quality", low=0)

    alliance = Column(
        "0, or number of the lead + 1", "所在联盟", "industry alliance it belongs to", low=0, dtype=np.int32
    )
    was_allied = Column("0/1", "曾入联盟", "was in an alliance that dissolved", low=0, high=1)
    alliance_lead = Column("0/1", "联盟牵头", "leads its alliance", low=0, high=1)
    complies = Column("0/1, -1 while it produces nothing", "执行标准", "keeps to the quality", low=-1, high=1)
    brand_premium = Column("share", "品牌溢价", "premium of the alliance's brand on industry revenue", low=0)
    brand_cost = Column("share of industry revenue", "标准化自付成本", "own cost of the alliance's quality", low=0)
    bulk_saving = Column("share of industry cost", "统购节约", "saving by buying together", low=0)
    branded_revenue = Column("万元", "联盟产品营业额", "industry revenue of the quarter before the premium", low=0)
    branded_cost = Column("万元", "联盟产品成本", "operating cost of the industry modes in the quarter", low=0)
    premium_year = Column("万元", "本年品牌增收", "revenue that the alliance's brand added this year", low=0)
    profit_this_quarter = Column("万元", "本季收益", "profit of the quarter before leakage and fixed cost")
    pipeline = Column("projects", "储备项目", "prepared projects that have not landed yet", low=0)

    paired = Column("0/1", "结对", "has a sponsor this year", low=0, high=1)
    captured = Column("0/1", "挤占名额", "holds a sponsor meant for a needier village", low=0, high=1)
    sponsor_years = Column("years", "结对年数", "years of the present sponsorship", low=0)
    sponsored_income = Column("万元/yr", "帮扶形成的收入", "part of the income measured that sponsors brought", low=0)
    years_above_line = Column("years", "连续达标年数", "years running above the pairing line", low=0)

    office_subsidy = Column("万元/yr", "运转补助", "subsidy for the village office, every year", low=0)
    idle_rent = Column("万元/yr", "尚闲置的租金", "rent that idle or underpriced assets could bring", low=0)
    found_rent = Column("万元/yr", "已盘活的租金", "rent of assets that lay idle at the start", low=0)
    other_income = Column("万元/yr", "其他收入", "income that is neither operating nor subsidy, in a usual year", low=0)
    income_operating = Column("万元/yr", "经营性收入", "operating income of last year", low=0)
    income_total = Column("万元/yr", "总收入", "total income of last year", low=0)
    income_profit = Column("万元/yr", "经营收益", "operating profit of last year")
    profit_change = Column("万元/yr", "收益变动", "change of profit, last year on the year before")
    dividend_per_head = Column("yuan/yr", "人均分红", "dividend per registered head, last year", low=0)
    failures = Column("count", "项目失败数", "project failures this year", low=0)
    capital_lost = Column("万元", "失败损失资产", "capital lost with failed projects this year", low=0)
    income_reported = Column("万元/yr", "上报经营性收入", "operating income of last year as reported", low=0)
    report_growth = Column("ratio", "上报收入增长", "growth of reported income, on at least 10万元")


class SecretaryColumns:
    """The party secretary of a village, one to one."""

    age = Column("years", "年龄", "age", low=18)
    is_college = Column("0/1", "大专及以上", "college", low=0, high=1)
    is_capable = Column("0/1", "致富能手", "capable at business", low=0, high=1)
    skill = Column("0-1", "能力禀赋", "skill", low=0, high=1)
    effort = Column("0-1", "努力程度", "effort", low=0, high=1)
    ability = Column("0-1", "综合能力", "ability (EQ-11)", low=0, high=1)
    manager_quality = Column("0-1.4", "经营管理水平", "manager quality M (EQ-11)", low=0, high=1.4)
    tenure = Column("years", "任职年数", "years in office", low=0)
    training_stock = Column("0-0.15", "培训积累", "ability gained by training", low=0, high=0.15)
    promoted = Column("0/1", "前任晋升", "took over this year from one who was promoted", low=0, high=1)
    grade = Column("0 none, 1-4 A-D", "考评档次", "grade of last year", low=0, high=4, dtype=np.int8)
    years_at_bottom = Column("years", "连续D档年数", "years running with grade D", low=0)
    removed = Column("0/1", "前任被清退", "took over this year from one who was removed", low=0, high=1)
    wrongly_removed = Column(
        "0/1", "前任被误清退", "took over this year from one removed though of the abler half", low=0, high=1
    )
    own_ability = Column("0-1", "自身能力", "ability without what was learnt from partners", low=0, high=1)


class CandidateColumns:
    """A member of the reserve pool (后备力量) of a town."""

    age = Column("years", "年龄", "age", low=18)
    is_college = Column("0/1", "大专及以上", "college", low=0, high=1)
    is_capable = Column("0/1", "致富能手", "capable at business", low=0, high=1)
    skill = Column("0-1", "能力禀赋", "skill", low=0, high=1)
    used = Column("0/1", "已任用", "has become a secretary", low=0, high=1)
    joined = Column("0/1", "在库", "has joined the pool", low=0, high=1)


class VentureColumns:
    """A venture: the pooled project of a village cluster (联建项目), or the company of a town (强村公司).

    One slot a cluster, then one slot a town. Capital stands by the modes in `sim.modes.VENTURE_MODES`.
    """

    cash = Column("万元", "现金", "cash", low=0, account="venture")
    capital = Column("万元", "经营性资产", "capital", low=0, per_mode=True)
    pending_this_year = Column("万元", "今年在建", "capital placed this year, not yet productive", low=0, per_mode=True)
    pending_last_year = Column("万元", "上年在建", "capital placed last year, not yet productive", low=0, per_mode=True)
    mix = Column("share", "投资结构", "share of new money that goes to each mode", low=0, high=1, per_mode=True)
    advantage = Column("ratio", "经营条件", "members' endowment, access, labour and manager", low=0, per_mode=True)
    idiosyncratic_price = Column("ratio", "个体价格", "shock to prices this year", low=0)
    active = Column("0/1", "已成立", "has been founded and not wound up", low=0, high=1)
    founded = Column("0/1", "曾成立", "has ever been founded", low=0, high=1)
    wound_up = Column("0/1", "已清算", "was wound up this year or before, and not founded again", low=0, high=1)
    years_active = Column("years", "成立年数", "years since it was founded", low=0)
    years_collecting = Column("years", "筹资年数", "years the pot has waited", low=0)
    years_paying = Column("years", "分红年数", "years since it first paid out", low=0)
    professional_in_post = Column("0/1", "职业经理人在岗", "a professional manages it", low=0, high=1)
    professional_skill = Column("0-1.4", "职业经理人水平", "quality of the professional hired last", low=0, high=1.4)
    manager_quality = Column("0-1.4", "经营管理水平", "manager quality", low=0, high=1.4)
    supervision = Column("0-1", "监督", "supervision of its members, mean", low=0, high=1)
    public_contracts = Column("share", "政府采购比例", "share of revenue from public contracts", low=0, high=1)
    payout_share = Column("share", "分红比例", "share of profit paid out", low=0, high=1)
    sharing = Column("0-2", "分配方式", "0 by stake, 1 equally, 2 by need", low=0, high=2, dtype=np.int8)
    profit_year = Column("万元", "本年收益", "profit of the year so far, before depreciation")
    payout_year = Column("万元", "本年分红", "paid out this year", low=0)
    failures = Column("count", "项目失败数", "failures this year", low=0)


class AllianceColumns:
    """An industry alliance (产业联盟) of villages with one industry; a slot for every village that may lead one."""

    alive = Column("0/1", "存续", "exists", low=0, high=1)
    dissolved = Column("0/1", "已解散", "has dissolved", low=0, high=1)
    quality = Column("0-1", "执行标准比例", "share of members that comply", low=0, high=1)
    peer_gain = Column("ratio", "同伴增益", "what its lead and its market make of the brand", low=0)
    years_weak = Column("years", "低质年数", "years running with little compliance", low=0)


class EnterpriseColumns:
    """An enterprise that came to a village (招商企业); a fixed number of sites a village."""

    alive = Column("0/1", "在营", "is in business", low=0, high=1)
    capital = Column("万元", "企业投入", "capital that it brought", low=0)
    from_pipeline = Column("0/1", "储备项目落地", "came as a prepared project", low=0, high=1)


class ResidentColumns:
    """A registered resident of a sample, at home or away; stands for registered population / sample size."""

    age = Column("years", "年龄", "age", low=18, high=100, dtype=np.int16)
    away = Column("0/1", "外出", "away", low=0, high=1, dtype=np.bool_)
    phone_draw = Column(
        "0-1", "手机倾向", "with age at the start decides who has a smartphone", low=0, high=1, dtype=np.float32
    )
    leaning = Column("logit", "参与倾向", "leaning", dtype=np.float32)
    participates = Column("0/1", "参与", "attends village affairs", low=0, high=1, dtype=np.int8)
    inclination = Column("logit", "个人参与意愿", "personal part of the utility of attending", dtype=np.float32)
    online = Column("0-1", "线上可达", "phone and platform", low=0, high=1, dtype=np.float32)
