"""JSON Schema of a declaration, with guidance for each field: completion and hints for editors.

The guidance also becomes the comments of a new file. Its English is in `theme/words/en/editing.po`.
"""

from __future__ import annotations

import json
from typing import Final

from jixiao.i18n import TranslationCatalogue
from jixiao.model.declaration import Declaration

FIELD_GUIDANCE: Final = {
    "Declaration.edition": "必填。content/taxonomies/ 里一个文件的名称，加引号。",
    "Declaration.year": "必填。四位数字，与文件所在的文件夹一致。",
    "Declaration.name": "必填。照表填写，写在一行。",
    "Declaration.nature": "必填。照表填写；有的表把它写在“项目类别”一栏。",
    "Declaration.department": "必填。content/organisations.yml 里的编号，与文件所在的文件夹一致。",
    "Declaration.unit": "必填。content/organisations.yml 里的编号；主管部门自己实施的，写它的编号。",
    "Declaration.period": "必填。项目的第一天和最后一天。",
    "Declaration.funding": "必填。表上的金额；空着的就空着。",
    "Declaration.goals": "照表填写；表上空着的就空着。",
    "Declaration.indicators": ("必填。分三层：一级指标、二级指标，下面每项指标一条；表上没有的类别删去。"),
    "Declaration.continues": (
        "同一个项目以前年度的申报表，只在它的网址（部门或项目编号）不同时才写，例如 2020/health/clinic。"
    ),
    "Declaration.remarks": "指标以外的栏目有缺损，或者申报表自己前后不一致时才写：原文、标记和说明。",
    "Declaration.source": "必填。依据哪一份申报表录入。",
    "Declaration.waivers": "经过核实、可以保留的提醒：规则、栏目、理由。不在网站上显示。",
    "Period.start": "必填。写成 2021-01-31 的样子。",
    "Period.end": "必填。写成 2021-01-31 的样子。",
    "Funding.unit": "表上写明的金额单位：元或万元。表上没有写明的删去，改写 unit_read_as。",
    "Funding.unit_read_as": "表上没有写明金额单位时，我们推定的单位：元或万元。",
    "Funding.project": "整个项目的资金，可以跨几个年度；不与年度资金相加。",
    "Funding.annual": "申请的当年资金；不与整个项目的资金相加。",
    "ProjectFunds.total": "照表抄写，可以带逗号；表上空着的就空着，不要写 0。",
    "ProjectFunds.fiscal": "照表抄写，可以带逗号；表上空着的就空着，不要写 0。",
    "ProjectFunds.other": "照表抄写，可以带逗号；表上空着的就空着，不要写 0。",
    "AnnualFunds.total": "照表抄写，可以带逗号；表上空着的就空着，不要写 0。",
    "AnnualFunds.appropriation": "照表抄写，可以带逗号；表上空着的就空着，不要写 0。",
    "AnnualFunds.carryover": "照表抄写，可以带逗号；表上空着的就空着，不要写 0。",
    "AnnualFunds.other": "照表抄写，可以带逗号；表上空着的就空着，不要写 0。",
    "Goals.overall": "照表填写。分几行的，先写 |，再换行，每行缩进四格。",
    "Goals.annual": "照表填写。分几行的，先写 |，再换行，每行缩进四格。",
    "Indicator.id": (
        "必填。在本文件里不重复，用小写英文字母、数字和连字符。它是网址的一部分，各年沿用，不再改动。"
    ),
    "Indicator.name": "必填。照表填写，写在一行。",
    "Indicator.target": "必填。照表填写，加英文双引号；表上没有目标值的写 null。",
    "Indicator.as_filed": "这一行有缺损，或者读法与表上不同时才写：表上各格的原文。",
    "Indicator.defects": "这一行在表上有缺损时才写：缺损的种类。",
    "Indicator.certainty": "这一行在表上有缺损时才写：归类和文字各有多大把握。",
    "Indicator.note": "这一行有缺损，或者读法与表上不同时才写：表上怎样，这里怎样读，用中性的话说明。",
    "AsFiled.lines": "必填。在申报表文件里的行号，从 1 数起。",
    "AsFiled.cells": '必填。每行一个列表，逐格照抄，加引号；空格子写 ""。',
    "Certainties.class": (
        "归类：printed 表上如此，restored 由缺损处复原，unconfirmed 待核，confirmed 已由单位确认。"
    ),
    "Certainties.text": (
        "名称和目标值：printed 表上如此，restored 由缺损处复原，unconfirmed 待核，confirmed 已由单位确认。"
    ),
    "Remark.field": "必填。有缺损或者不一致的是哪一栏。",
    "Remark.as_filed": "必填。这一栏在表上的原文。",
    "Remark.defects": (
        "必填。缺损的种类，至少一种；申报表自己的金额或日期不一致的，写 sums-contradict 或 dates-contradict。"
    ),
    "Remark.note": "必填。表上怎样，这里怎样读，用中性的话说明。",
    "Source.form": "必填。收到的申报表，放在 content/forms/ 下；路径从 forms/ 写起。",
    "Source.lines": "一个文件里有几份申报表时才写：这一份的第一行和最后一行。",
    "Waiver.rule": "必填。规则的名称，即检查报告里方括号中的词；只有提醒可以豁免。",
    "Waiver.field": "必填。检查报告里写的栏目。",
    "Waiver.reason": "必填。为什么可以保留，写给审核的人看。",
}
"""Model and field → guidance for the editor: the value to fill in, and whether it is required."""


SCHEMA_FILES: Final = {"zh": "declaration.schema.json", "en": "declaration.schema.en.json"}
"""Language of the explanations → file below `content/schema/`; a declaration names the first."""


def build_declaration_schema(translations: TranslationCatalogue) -> str:
    """Return the JSON Schema of a declaration, with guidance for editors instead of our docstrings.

    Args:
        translations: Language in which fields are explained; their titles are the words of the form.
    """
    schema = Declaration.model_json_schema(by_alias=True)
    for model, definition in (("Declaration", schema), *schema["$defs"].items()):
        definition.pop("title", None)
        definition.pop("description", None)
        for name, field in definition.get("properties", {}).items():
            field["description"] = translations.translate(FIELD_GUIDANCE[f"{model}.{name}"])
            # An editor would fill it in, and a normal file leaves it out.
            field.pop("default", None)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "财政项目支出绩效目标申报表"
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
