"""What a district could count or ask, and which parameters each answer would settle.

Every parameter that worlds draw without a published value has a question here; a report prints those of its study.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question to the district, its files or its residents.

    Attributes:
        zh: the question in Chinese, for a district office.
        en: the same in English.
        settles: names of the parameters that the answer gives.
    """

    zh: str
    en: str
    settles: tuple[str, ...]


def _ask(zh: str, en: str, settles: str) -> Question:
    return Question(zh, en, tuple(settles.split()))


QUESTIONS = (
    _ask("2023、2024年每个村的年报：总收入、经营收入、发包及上交收入、投资收益、补助收入、其他收入和管理费用各多少？"
         "公布的村均9.56万元含哪几项？",
         "The yearly table of each village for 2023 and 2024: total, operating, contract, investment, subsidy and "
         "other income, management cost. Which lines does the published mean of 9.56 count?",
         "subsidy_share other_share fixed_cost bazhong_income_sigma income_tail bazhong_zero_share "
         "target_income_mean target_income_sigma"),
    _ask("项目资产台账：每个项目哪年建、投了多少钱、属于哪种模式、拨款后几个月投产、去年收入和成本各多少、现在还值多"
         "少？",
         "The register of project assets: year, money, mode, months until it produced, last year's revenue and "
         "cost, worth today.",
         "yield_level mode_margin mode_own_run mode_place mode_delay mode_wear pv_price_factor"),
    _ask("停办、闲置的项目：投了多少钱、哪年停的？村里当时主要靠不靠帮扶资金？书记能力怎样？结对单位走后，帮建的项目"
         "过几年就不行了？",
         "Projects that stopped or stand idle: how large, which year, did the village live on aid, how able was the "
         "secretary; how many years did aided projects last once the sponsor had left?",
         "mode_scale mode_hazard eta_manager_hazard dep_hazard aid_fade"),
    _ask("各村给本村人做农机、代耕、物业、代收代购等服务，去年各收了多少钱？",
         "What did each village take last year for services to its own people (machines, upkeep, deliveries)?",
         "service_demand"),
    _ask("每个村最近一次选项目：比较过哪几个、预计每个收益多少、怕什么风险、实际收益多少？",
         "The last choice of a project in each village: what was compared, the return expected of each, what was "
         "feared, and what it returned.",
         "choice_noise risk_aversion"),
    _ask("近三年村集体向银行借了多少、拿什么抵押、按估值几成放款？产权改革前后有什么不同？",
         "What did collectives borrow in three years, against what, at which part of its value; what did "
         "property-rights reform change?",
         "collateral_multiplier collateral_reform"),
    _ask("近三年审计：查了多少项目资金，其中套取挪用、闲置一年以上各多少？有了协调机制以后呢？",
         "Audits of three years: project money looked at, misused, idle over a year; and since coordination began?",
         "leak_invest productive_share coordination_effect"),
    _ask("集体收益应收未收、低价发包等流失，清产核资前后、纳入监管前后各查出多少？纳入监管以后，项目审批多用几个月？",
         "Leakage from collective profit (rents not paid, contracts below value) found before and after assets were "
         "counted, and before and after supervision; how many months longer do approvals take since?",
         "leak_revenue leakage_reform leakage_supervision approval_delay"),
    _ask("去年哪些村分了红、从盈余里拿出多少、每人多少？这些村盈余各多少？",
         "Which villages paid dividends last year, what part of their surplus, and how large was it?",
         "dividend_share dividend_from"),
    _ask("书记每月几天用在集体经济上？奖励办法、目标任务、责任清单出台前后各几天？结对村和没有结对的村各几天？",
         "Days a month that a secretary works for the collective economy: before and after bonus rules, targets and "
         "lists of duties, in paired and in unpaired villages.",
         "effort_at_rest effort_response ratchet pressure_weight responsibility_prize crowd_out"),
    _ask("考核为一、二、三、四等的书记，去年工资奖金各差多少？近五年提拔、免职了谁，当时是几等？",
         "Pay of secretaries by last year's grade; who was promoted or removed in five years, and with which grade?",
         "career_prize grade_stake"),
    _ask("209位书记的出生年、学历、任职时间、参加培训和新发展党员的年份，和村里前后三年的收入",
         "Of all 209 secretaries: year of birth, schooling, time in office, years of training and of members "
         "recruited, with three years of income before and after.",
         "age_decay training_gain recruits_advice"),
    _ask("联建的强村、弱村和去看过示范点的村，前后三年的收入各多少？差距缩小了没有？",
         "Income of leads, partners and visitors of demonstration sites three years before and after: did the gap "
         "close?",
         "kappa_joint demonstration_speed"),
    _ask("联建项目哪些村不肯入股、分红多高才肯？几个村合办，比一个村自办多花多少管理费？",
         "Which villages would not join a pooled project, and at what return would they? What does running it "
         "together cost more than alone?",
         "autonomy_premium coord_cost"),
    _ask("强村公司的账与同类私营企业相比，成本高出多少？公司派人到哪些村指导、每月几天，这些村收入怎样？",
         "How much higher are a town company's costs than those of a like private firm? Which villages did it "
         "advise, how many days, and what is their income?",
         "agency_base company_advice"),
    _ask("选三种产品：用和不用联盟品牌（或本地品牌）卖价各多少？按标准种养每亩多花多少？",
         "Three products: price with and without the alliance's or the local brand, cost per mu of keeping its "
         "standard.",
         "alliance_premium alliance_net local_brand_premium"),
    _ask("每家招商企业在村里投了多少钱，每年付给村集体多少？",
         "What did each enterprise bring into a village, and what does it pay the collective a year?",
         "enterprise_capital fee_share"),
    _ask("消费帮扶的产品，村里成本多少、卖给单位多少？每年每个部门结对哪个村，那个村收入多少？",
         "Goods sold to sponsors: cost and price. Which village did each department sponsor in each year, at which "
         "income?",
         "purchase_margin targeting_capture"),
    _ask("专家服务过的地块和同类没有服务过的地块，亩产各多少？",
         "Yield per mu where experts served and on like land where they did not.",
         "expert_effect"),
    _ask("抽30个村，每村10位村民（含外出的）：去年投票、参会、发言、提建议没有？给信任、服务打几分？分了多少红？干部"
         "走访过几次？熟人去不去？",
         "Ten residents in each of 30 villages, migrants among them: did they vote, attend, speak, propose last "
         "year; marks for trust and services; dividends; visits by cadres; do friends attend?",
         "attend_constant sigma_village sigma_leaning b_trust b_dividend b_service b_lead b_away b_outreach "
         "social_influence vote_cut initiate_cut voice_share"),
    _ask("同样这些村民每年再问一次信任、服务、账目公开各打几分；记下当年改造中心、通平台、修路没有，村里花了多少钱",
         "The same residents again each year: marks for trust, services and open accounts, with what changed "
         "(centre, platform, roads) and what the village spent.",
         "kappa_trust trust_by_service trust_by_transparency digital_trust_effect service_by_spending "
         "service_by_upgrade service_by_platform service_by_roads transparency_by_platform"),
    _ask("平台运营方：每个村每月有多少人使用？",
         "From the platform's operator: users a month in each village.",
         "digital_ceiling"),
    _ask("走访台账：责任清单实行前后，每村每月走访多少户？",
         "Visits to households a month in each village, before and after the list of duties.",
         "responsibility_outreach"),
    _ask("每个村每年外出、返乡各多少人，各多大年纪？通村路修好前后有什么不同？",
         "How many left and came back in each village and year, at which age; did repaired roads change it?",
         "leave_rate return_rate return_by_roads"),
    _ask("历年党支部评级；整顿过、换过书记的村，前后评级各是什么？",
         "Yearly ratings of party branches, before and after rectification and a change of secretary.",
         "organisation_by_ability organisation_by_rectification"),
    _ask("各项措施去年实际花了多少钱、用了多少人、多少天？",
         "What did each measure take last year: money, people, days?",
         "unit_cost_level unit_cost.paired_assistance unit_cost.joint_building unit_cost.asset_supervision "
         "unit_cost.industry_alliance"),
)  # fmt: skip
"""Every question, in the order of the model description."""

QUESTION_OF = {name: question for question in QUESTIONS for name in question.settles}
"""The question that settles a parameter, by its name."""
