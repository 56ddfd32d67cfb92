"""Made-up recommendations, and the strategies that carry them out."""

from __future__ import annotations

RECOMMENDED = {
    "rec_joint_building": ("现有措施＋建议：跨村联建", "Existing, plus recommended joint building"),
    "rec_small_steps": ("现有措施＋建议：优服务", "Existing, plus recommended small steps"),
    "rec_norms": ("现有措施＋建议：移风易俗", "Existing, plus recommended customs"),
    "recommended": ("现有措施＋全部建议", "Existing, plus all recommendations"),
}
RECOMMENDATIONS = [
    {"place": "三(一)一是", "zh": "加强学习", "en": "Study",
     "not_modelled": {"zh": "没有可以核对的状态", "en": "nothing to check"}},
    {"place": "三(一)二是", "zh": "跨村联建", "en": "Build jointly", "strategy": "rec_joint_building",
     "levers": ["joint_building"]},
    {"place": "三(二)三是", "zh": "专家服务总团", "en": "Expert corps", "strategy": "rec_expert_corps",
     "levers": ["expert_corps"]},
    {"place": "三(三)三是", "zh": "优服务", "en": "Small steps", "strategy": "rec_small_steps", "levers": ["training"]},
    {"place": "二(三)三是", "zh": "移风易俗", "en": "Customs", "strategy": "rec_norms", "levers": ["training"]},
]  # fmt: skip
