"""What a district could count or ask, and which parameters each answer would settle.

Every parameter that worlds draw without a published size has a question here; a report prints those of its study.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question to the district, its files or its residents.

    Attributes:
        zh: the question in Chinese, for a district office.
        en: the same in English.
        settles: names of the parameters that the answer gives, with blanks between.
    """

    zh: str
    en: str
    settles: str


QUESTIONS = (
    Question("每村2023、2024年年报：总收入、经营、发包上交、投资收益、补助、其他收入和管理费各多少，其中给本村人服务"
             "收了多少？9.56万元含哪几项？",
             "Yearly table of each village, 2023 and 2024: total, operating (of it services to its own people), "
             "contract, investment, subsidy, other income, management cost. Which lines are in the 9.56?",
             "subsidy_share other_share fixed_cost bazhong_income_sigma income_tail bazhong_zero_share "
             "target_income_mean target_income_sigma service_demand"),
    Question("项目资产台账：每个项目建成年份、金额、模式、拨款后几个月投产、去年收入和成本、现值各是多少？",
             "Register of project assets: year, money, mode, months until it produced, last year's revenue and cost, "
             "worth today.",
             "yield_level mode_margin mode_own_run mode_place mode_delay mode_wear pv_price_factor"),
    Question("停办或闲置的项目：多大、哪年停的，村里当时靠不靠帮扶资金，书记能力怎样，结对单位走了几年？",
             "Projects stopped or idle: size, year, whether the village lived on aid, how able its secretary was, "
             "years since the sponsor left.",
             "mode_scale mode_hazard eta_manager_hazard dep_hazard aid_fade"),
    Question("最近一次选项目：比较过哪几个，预计和实际收益各多少，怕什么风险，银行按抵押物估值几成放款？",
             "The last choice of a project: what was compared, return expected and had, what was feared, what banks "
             "lent on which collateral.",
             "choice_noise risk_aversion collateral_multiplier collateral_reform"),
    Question("清资核产台账：哪些资产闲置、哪些合同低于市价，每年少收多少，清理后几个月租出？",
             "Idle assets and contracts below the market: rent missed a year, and months until they were let.",
             "idle_rent idle_found"),
    Question("近三年审计：项目资金套取挪用、闲置各多少，集体收益流失多少？产权改革、监管、协调前后有何不同，审批多用"
             "几个月？",
             "Audits of three years: project money misused or idle, collective profit lost; before and after reform, "
             "supervision and coordination; months that approvals take.",
             "leak_invest productive_share coordination_effect leak_revenue leakage_reform leakage_supervision "
             "approval_delay"),
    Question("去年哪些村分了红，从多少盈余里拿出多少？",
             "Which villages paid dividends last year, how much, out of which surplus?",
             "dividend_share dividend_from"),
    Question("书记每月几天用在集体经济上、走访几户？奖励、目标、责任清单出台前后，结对村和非结对村，各是多少？",
             "A secretary's days a month for the collective economy, and visits: before and after bonus, targets and "
             "duties; in paired villages and others.",
             "effort_at_rest effort_response ratchet pressure_weight responsibility_prize crowd_out "
             "responsibility_outreach"),
    Question("考核各等次的书记去年工资奖金差多少？近五年谁被提拔、免职，当时是几等？",
             "Pay of secretaries by last year's grade; who was promoted or removed in five years, with which grade?",
             "career_prize grade_stake"),
    Question("每位书记的出生年、学历、任职、培训、发展党员年份，和村里前后三年的收入",
             "Of each secretary: years of birth, office, training, members recruited, and schooling; the village's "
             "income three years before and after.",
             "age_decay training_gain recruits_advice"),
    Question("联建的强村、弱村和去看过示范点的村，前后三年收入各多少，差距缩小了没有？",
             "Income of lead villages, partners and visitors of demonstration sites, three years before and after: "
             "did the gap close?",
             "kappa_joint demonstration_speed"),
    Question("联建项目哪些村不肯入股，分红多高才肯？几村合办比一村自办多花多少管理费？",
             "Which villages would not join a pooled project, at what return would they? What does it cost more to "
             "run than one's own?",
             "autonomy_premium coord_cost"),
    Question("强村公司的成本比同类私营企业高多少？公司指导过哪些村、每月几天，这些村收入怎样？",
             "How much dearer is a town company run than a like private firm? Which villages did it advise, how many "
             "days, with what income?",
             "agency_base company_advice"),
    Question("三种产品：用和不用联盟或本地品牌卖价各多少，按标准每亩多花多少，有无专家服务亩产各多少？",
             "Three products: price with and without the brand, cost per mu of its standard, yield per mu with and "
             "without experts.",
             "alliance_premium alliance_net local_brand_premium expert_effect"),
    Question("每家招商企业在村里投了多少，每年付村集体多少？",
             "What did each enterprise bring into a village, and what does it pay a year?",
             "enterprise_capital fee_share"),
    Question("消费帮扶的产品成本和卖价各多少？每年每个部门结对哪个村，该村收入多少？",
             "Goods sold to sponsors: cost and price. Which village did each department sponsor in which year, at "
             "which income?",
             "purchase_margin targeting_capture"),
    Question("30个村各10位村民（含外出的）：去年投票、参会、发言、提议没有，分红、被走访几次，熟人去不去，信任和服务"
             "打几分？",
             "Ten residents in each of 30 villages, migrants too: did they vote, attend, speak, propose; dividends, "
             "visits, friends who attend; marks for trust and services.",
             "attend_constant sigma_village sigma_leaning b_trust b_dividend b_service b_lead b_away b_outreach "
             "social_influence vote_cut initiate_cut voice_share"),
    Question("每年再问同样的村民：信任、服务、账目公开各打几分；当年改造中心、通平台、修路没有，村里花了多少？平台每"
             "月多少人用？",
             "The same residents again each year: marks for trust, services, open accounts; what changed (centre, "
             "platform and its monthly users, roads), what the village spent.",
             "kappa_trust trust_by_service trust_by_transparency digital_trust_effect service_by_spending "
             "service_by_upgrade service_by_platform service_by_roads transparency_by_platform digital_ceiling"),
    Question("每村每年外出、返乡各多少人、多大年纪？路修好前后有何不同？",
             "How many left and came back in each village and year, at which age; before and after roads were "
             "repaired?",
             "leave_rate return_rate return_by_roads"),
    Question("历年党支部评级；整顿、换书记前后各是什么？",
             "Yearly ratings of party branches, before and after rectification or a new secretary.",
             "organisation_by_ability organisation_by_rectification"),
    Question("各项措施去年实际花了多少钱、多少人、多少天？",
             "What did each measure take last year: money, people, days?",
             "unit_cost_level unit_cost.paired_assistance unit_cost.joint_building unit_cost.asset_supervision "
             "unit_cost.industry_alliance"),
)  # fmt: skip
"""Every question, in the order of the model description."""

QUESTION_OF = {name: question for question in QUESTIONS for name in question.settles.split()}
"""The question that settles a parameter, by its name."""
