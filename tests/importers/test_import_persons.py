"""Names, telephones and identity numbers of a form stand neither in what is written nor in what is said."""

from pathlib import Path

from tests.conftest import ROOT, jixiao

FORM = """\
{above}
项目支出绩效目标表
(2024年度)
项目名称\t巡诊\t{label}\t{value}
主管部门\t市人社局\t实施单位\t就业促进中心
项目性质\t经常性项目
计划开始日期\t2024-01-01\t计划完成日期\t2024-12-31
项目资金(万元)\t年度资金总额\t50
{head}
总体目标\t年度目标
\t全年巡诊一百二十次。
{goals}
绩效指标\t一级指标\t二级指标\t三级指标\t指标值\t备注
\t产出指标\t数量指标\t巡诊次数\t≥120次\t{remark}
{below}
"""
BLANK = {"above": "", "label": "", "value": "", "head": "", "goals": "", "remark": "", "below": ""}
NAMES = ("王小明", "李四光", "张三丰")
NUMBERS = ("13912345678", "0571-88886666", "11010519491231002X", "wang@example.com")
LABELS = (
    "项目负责人及电话",
    "项目负责人及联系电话",
    "项目负责人身份证",
    "项目负责人\n 及电话",
    "联系人及联系方式",
    "联系人/电话",
    "填报人（签字）",
    "经 办 人",
    "财务负责人",
    "分管领导",
    "法定代表人姓名",
    "身份证件号码",
    "部门负责人：",
    "项目责任人",
    "复核人员",
)
WITHOUT_LABEL = "王小明13912345678"
LINES = (
    "填表人：王小明        联系电话：13912345678",
    "单位负责人（签章）：王小明   填报人：李四光   电话：88886666",
    "填报单位（盖章）：某局    填表人：王小明",
    "填表日期：2024年1月5日，联系人：王小明，0571-88886666",
    "项目负责人 王小明 13912345678",
    WITHOUT_LABEL,
    "项目负责人（签字）王小明",
    "单位负责人：Wang Xiaoming",
    "填报单位（盖章）：某局    填表人：尼玛次仁扎西",
    "项目负责人\t王小明\t联系电话\t88886666",
    "项目负责人\t联系电话\n王小明\t88886666",
    "\t项目负责人：\t王小明\t\t财务负责人：\t李四光",
)


def test_no_word_of_a_person_is_written_or_said(tmp_path: Path) -> None:
    changes = [{"label": label.replace("\n", ""), "value": "王小明13912345678"} for label in LABELS]
    changes += [
        {"label": "项目负责人", "value": name, "remark": number} for name in NAMES for number in NUMBERS
    ]
    changes += [{place: line} for line in LINES for place in ("above", "head", "below")]
    # Without a label it is a goal, whose number the check finds.
    changes += [{"goals": line} for line in LINES if line != WITHOUT_LABEL]
    forms = [FORM.format(**BLANK | change) for change in changes]
    for number, form in enumerate(forms, 1):
        (tmp_path / f"{number}.txt").write_text(form, encoding="utf-8")
    names = [f"{number}.txt" for number in range(1, len(forms) + 1)]

    result = jixiao("import", *names, "--to", "out", "--project", str(ROOT), language="zh", cwd=tmp_path)

    written = [
        (tmp_path / f"out/project-{number}.yml").read_text("utf-8") for number in range(1, len(forms) + 1)
    ]
    said = result.stdout + result.stderr
    for word in (*NAMES, *NUMBERS, "Wang", "尼玛次仁", "88886666", "13912", "1101051949"):
        assert word not in said
        assert [text for text in written if word in text] == []
    # Nothing else is left out with them.
    assert [text.count("target: ") for text in written] == [1] * len(forms)
    assert [text.count("巡诊一百二十次") for text in written] == [1] * len(forms)
    assert [("department: shanghai-hrss\n" in text) for text in written] == [True] * len(forms)


KEPT = {
    "goal": (
        "全年接听不少于1万次；咨询电话：向社会公布。",
        "微信 公众号推送 12 期，阅读量 10 万。",
        "1.联系方式：多渠道公开；2.全年巡诊120次。",
        "年底前完成：（1）邮箱：升级一次；（2）电话：改造完毕。",
    ),
    "name": ("邮箱 系统维护", "政府热线（电话：改造）"),
}


def test_a_goal_and_a_name_that_speak_of_telephones_and_mailboxes_are_kept(tmp_path: Path) -> None:
    forms = [FORM.format(**BLANK).replace("全年巡诊一百二十次。", goal) for goal in KEPT["goal"]]
    forms += [FORM.format(**BLANK).replace("项目名称\t巡诊", f"项目名称\t{name}") for name in KEPT["name"]]
    held = FORM.format(**BLANK).replace("全年巡诊一百二十次。", "全年巡诊一百二十次，联系人：王小明。")
    names = [f"{number}.txt" for number in range(1, len(forms) + 2)]
    for name, form in zip(names, [*forms, held], strict=True):
        (tmp_path / name).write_text(form, encoding="utf-8")

    result = jixiao("import", *names, "--to", "out", "--project", str(ROOT), language="zh", cwd=tmp_path)

    written = [
        (tmp_path / f"out/project-{number}.yml").read_text("utf-8") for number in range(1, len(names) + 1)
    ]
    assert [words in text for words, text in zip((*KEPT["goal"], *KEPT["name"]), written, strict=False)] == [
        True
    ] * len(forms)
    # A goal that names a person is neither dropped without a word nor repeated.
    said = result.stdout + result.stderr
    assert ("王小明" in said, "王小明" in written[-1]) == (False, False)
    assert said.count("里面有个人信息，也可能有别的内容") == 1
    assert "个人信息，略去" not in said
