"""The labels beside which a form names a person, and what a name looks like.

One list for all who read forms: whoever takes fields from them, and whoever searches them before they are
published. Patterns as text, to be set into longer ones; none of them can be read in two ways, so that a
cell of repeated words costs no more than its length.
"""

from __future__ import annotations

import re

_BODY = re.compile(
    r"(?:项目|实施|主管|填报|申报|预算|承担|编制|用款|单位|部门|科室|股室|处室|机构"
    r"|财务|主要|分管|技术|具体|业务|政府)*+"
).pattern
ROLE = re.compile(
    rf"(?:{_BODY}(?:负责|经办|联系|责任)人员?"
    r"|(?:填报|填表|填写|制表|编制|编报|审核|复核|审批|评价|主评|申报|录入|校对|报送)人员?"
    r"|(?:分管|主管|单位|部门|科室)领导|项目主管|法人代表|法定代表人|姓名)"
).pattern
"""Whose name stands beside it."""
CONTACT = re.compile(
    r"(?:(?:联系|办公|手机|固定|移动|咨询|本人)?(?:电话|手机)(?:号码?)?|联系方式|(?:电子)?邮箱(?:地址)?|电子邮件|传真"
    r"|(?:居民)?身份证(?:件)?(?:号码?)?|证件号码?|微信号?)"
).pattern
"""Whose number or address stands beside it."""
BEHIND_ROLE = re.compile(r"(?:姓名|签字|签章|签名|盖章)?").pattern
MORE = re.compile(rf"(?:[及和与或、/]?其?(?:{ROLE}{BEHIND_ROLE}|{CONTACT}|职务|职称))*+").pattern
"""Further labels behind the first: 项目负责人及联系电话."""

_HAN = r"[\u3400-\u9fff]"
_SURNAME = re.compile(
    "(?:欧阳|司马|上官|诸葛|尉迟|皇甫|慕容|东方|令狐|公孙|司徒|端木|夏侯|长孙|宇文|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔"
    "谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文庞樊兰殷施"
    "洪翟安颜倪牛温季俞章鲁葛伍申尤毕聂焦柳邢岳齐梅庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游裴席卫查屈"
    "鲍位霍翁隋甘景单包柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎])"
).pattern
_NO_NAME = re.compile(
    r"(?:项目|单位|时间|方式|方案|金额|管理|文件|成员|成果|全年|全部|全市|全县|全省|全区|来源|安全|车辆|房屋|包括|解决|强化|强调|文化|高级|施工|关于|安排|"
    r"负责|工作|人员|(?:林[业草]|房[管产]|卫[健生计]|文[旅化广体教]|史志|金融|车管|安[监保]|常|管)[局委科所院办站处室会]|管委|"
    r"华[东南西北中]|向社会|易于|万元|简单|简介|应急|.{0,2}某)"
).pattern
"""Words that begin like a name."""
NAME = re.compile(
    rf"(?:{_HAN}{{1,8}}(?:[·•‧]{_HAN}{{1,8}}){{1,3}}"
    rf"|(?!{_NO_NAME}){_SURNAME}(?:[ \u3000]{{0,4}}{_HAN}){{1,2}}(?![ \u3000]{{0,4}}某))(?!{_HAN})"
).pattern
"""A surname with one or two signs behind it, whatever they mean, or parts joined by dots."""
_IS_NAME = re.compile(NAME)


def is_surely_name(words: str) -> bool:
    """Return whether *words* are a name by their form: a known surname, or dots between the parts."""
    return _IS_NAME.fullmatch(words) is not None
