"""Text that was opened in the wrong encoding: found wherever it would be published, and nothing else."""

import re
from pathlib import Path

import pytest
from docx import Document

from jixiao.load.wrong_content import GarbledText, find_garbled_text
from tests.conftest import ROOT, jixiao
from tests.support.sample_projects import check_project, copy_small_project

WORDS = ("高校", "年度绩效目标", "公共卫生服务补助资金", "食品安全监管", "村卫生室运行经费")


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize(
    ("wrote", "read"), [("gbk", "latin-1"), ("utf-8", "latin-1"), ("utf-8", "cp1252"), ("utf-8", "gbk")]
)
def test_words_are_recognised_by_what_they_meant(words: str, wrote: str, read: str) -> None:
    text = words.encode(wrote).decode(read, errors="ignore")
    found = find_garbled_text(f"为{text}的项目")

    assert found is not None
    # What a program could not read is lost, and with it the characters beside it.
    assert found.original[:1] in words
    assert (found.original == words) is (
        len(text.encode(read)) == len(words.encode(wrote)) and found.text == text
    )


@pytest.mark.parametrize(
    "words", ["实训学员", "训学", "实施", "目前", "系统", "图片", "水平", "息系统", "删去"]
)
def test_chinese_whose_bytes_are_other_letters_by_chance_is_recognised(words: str) -> None:
    text = words.encode("gbk").decode("utf-8")

    assert find_garbled_text(f"为{text}2024") == GarbledText(1, text, words)


def test_no_text_of_this_repository_is_taken_for_garbled_and_few_words_of_it_are_missed() -> None:
    sources = [
        *ROOT.glob("theme/words/en/*.po"),
        *ROOT.glob("content/**/*.yml"),
        *ROOT.glob("content/**/*.md"),
    ]
    texts = [path.read_text("utf-8") for path in sources]
    words = {
        run[start : start + length]
        for text in texts
        for run in re.findall("[\u4e00-\u9fff]{2,}", text)
        for length in (2, 3, 4)
        for start in range(len(run) - length + 1)
    }
    by_chance = [one for word in words if (one := _by_chance(word))]
    found = [one for one in by_chance if find_garbled_text(one)]

    assert [path for path, text in zip(sources, texts, strict=True) if find_garbled_text(text)] == []
    assert len(found) > 0.85 * len(by_chance) > 0


def _by_chance(words: str) -> str:
    try:
        return words.encode("gbk").decode("utf-8")
    except UnicodeError:
        return ""


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Москва",
            "«Москва»",
            "Кыргыз Республикасы",
            "Қазақстан",
            "Монгол Улс, Улаанбаатар үйл",
            "Ελλάδα",
            "Αθήνα",
            "µΩ",
            "±Δσ",
            "αβγδ",
            "5°С",
            "×λ",
            "żółć",
            "Łódź",
            "příští",
            "Đà Nẵng ường",
            "hànyǔ pīnyīn lǜ nǚ",
            "áéíóú",
        ),
        *(
            "ئۇيغۇر تىلى",
            "العربية",
            "עברית",
            "Հայաստան",
            "[tɕʰɪŋ]",
            "ɡʰɪ",
            "kʷʼa",
            "Əliyev",
            "ŋɔ̃ɛ",
            "ÆØÅæøå",
            "ßöü",
            "Þórður",
            "Ștefan",
            "Ơi Ươ",
            "Сдача",
            "мұғалім",
            "θερμός",
        ),
        *(
            "café",
            "Ä",
            "naïve résumé",
            "café……",
            "café——好",
            "“É”……",
            "······",
            "±5℃",
            "Müller & Söhne",
            "ÄÖÜß",
            "“Â”",
        ),
        *(
            "São Paulo",
            "crème brûlée",
            "§§§§",
            "Château d’Yquem",
            "L’été",
            "镕基喆堃",
            "½¼¾",
            "°C²³",
            "©®™",
            "Å级",
            "ÀÉ",
        ),
        *(
            "Programme d’échange",
            "El Niño",
            "garçon",
            "señor",
            "Œuvre",
            "Škoda",
            "İstanbul",
            "Việt Nam",
            "北京、東京、서울",
        ),
        *("Ångström×10⁻¹⁰", "¥1,000…", "“甲”——“乙”……", "《乙》·丙", "烫伤", "屯垦", "拷贝", ""),
    ],
)
def test_letters_with_accents_and_rare_characters_are_text(text: str) -> None:
    assert find_garbled_text(text) is None
    assert find_garbled_text(f"项目{text}完成") is None


def test_the_first_part_is_told_with_its_place() -> None:
    assert find_garbled_text("好\n为¸ßÐ£，楂樻牎") == GarbledText(3, "¸ßÐ£", "高校")
    assert find_garbled_text("itâ€™s SÃ£o") == GarbledText(2, "â€™", "’")
    assert find_garbled_text("楂樻牎") == GarbledText(0, "楂樻牎", "高校")
    assert find_garbled_text("锟斤拷") == GarbledText(0, "锟斤拷", "")


@pytest.mark.parametrize(
    "file",
    [
        "content/organisations.yml",
        "content/addresses.yml",
        "content/taxonomies/2015.yml",
        "content/pages/zh/about.md",
        "content/translations/en/content.po",
        "content/forms/other.txt",
        "site_config.yml",
    ],
)
def test_it_is_refused_wherever_it_would_be_published(file: str, tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    path = project / file
    before = path.read_text("utf-8") if path.exists() else ""
    path.write_text(f"{before}# ¸ßÐ£\n", "utf-8")

    found = [one.place for one in check_project(project) if one.rule == "garbled-text"]
    assert found == [(file, before.count("\n") + 1, 3)]


def test_a_garbled_form_is_not_imported(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    form = tmp_path / "form.txt"
    form.write_text("项目支出绩效目标申报表\n项目名称\tÑ²Õï²¹Öú\n", "utf-8")

    result = jixiao(
        "import", str(form), "--to", str(tmp_path / "new"), "--project", str(project), language="zh"
    )
    assert (result.returncode, list(tmp_path.glob("new/*"))) == (1, [])
    assert "form.txt:2:6: 错误: 这里是乱码：“Ñ²Õï²¹Öú”，原来大概是“巡诊补助” [garbled-text]" in result.stdout


def test_a_word_file_with_a_garbled_cell_is_not_imported_and_the_cell_is_named(tmp_path: Path) -> None:
    project = copy_small_project(tmp_path / "project")
    document = Document()
    document.add_paragraph("项目支出绩效目标申报表")
    document.add_table(rows=1, cols=2)
    for cell, words in zip(document.tables[0].rows[0].cells, ("项目名称", "楂樻牎补助"), strict=True):
        cell.text = words
    form = tmp_path / "form.docx"
    document.save(str(form))

    result = jixiao(
        "import", str(form), "--to", str(tmp_path / "new"), "--project", str(project), language="zh"
    )
    assert (result.returncode, list(tmp_path.glob("new/*"))) == (1, [])
    assert "表 1，第 1 行，第 2 列：这里是乱码：“楂樻牎”，原来大概是“高校” [garbled-text]" in result.stdout
