"""Which alphabet a text has that is not Unicode."""

from __future__ import annotations

from pathlib import Path

import pytest

import pmo_lib as pmo
from pmo_lib.readers.alphabets import alphabet
from tests.schedule.hostile_files import xer

TEXTS = {  # encoding it is written in: its words
    "cp1252": [
        *("Überprüfung der Maßnahmen für Qualität", "Création d'un échéancier détaillé à Québec", "Planejamento de construção, versão não concluída", "å"),
        *("FUNDAÇÃO, EXECUÇÃO, MEDIÇÃO", "25 °C, Ångström, ÅB, ÄA", "Contractor’s “Work” – it’s “done”", "Änderung Ärger Übergabe", "± 5 µm, 10 m² ½ £"),
    ],
    "cp1251": [
        *("Земляные работы, этап 2", "Монтаж KNX и пусконаладка", "Підготовка майданчика", "Бетониране на основи", "ПОДГОТОВКА площадки"),
        "РАЗРАБОТКА КОТЛОВАНА И БЕТОНИРОВАНИЕ ФУНДАМЕНТОВ",
    ],
    "cp1253": ["Εκσκαφές και θεμελίωση του κτιρίου", "ΕΚΣΚΑΦΕΣ ΚΑΙ ΣΚΥΡΟΔΕΜΑΤΑ", "Ηλεκτρομηχανολογικές εγκαταστάσεις"],
    "cp1255": ["חפירה ויסודות בטון", "עבודות חשמל ומיזוג אוויר", "הכנת תכניות לביצוע ואישור המזמין"],
    "cp1256": ["حفر الأساسات والخرسانة", "أعمال الكهرباء والتكييف", "تجهيز الموقع وتسليم المخططات التنفيذية"],
    "cp874": ["งานขุดฐานรากและคอนกรีต", "ติดตั้งระบบไฟฟ้าและปรับอากาศ"],
    "cp932": ["基礎掘削とコンクリート打設工事", "電気設備工事の試運転および引渡し（A工区）"],
    "cp936": ["土方开挖与基础施工", "电气设备安装及调试验收（A区）"],
    "cp949": ["기초 굴착 및 콘크리트 타설", "전기 설비 설치 및 시운전"],
    "cp950": ["基礎開挖與混凝土澆置工程", "電氣設備安裝及測試驗收"],
}


@pytest.mark.parametrize(("encoding", "text"), [(encoding, text) for encoding, texts in TEXTS.items() for text in texts])
def test_each_alphabet_is_told_from_its_words(encoding: str, text: str) -> None:
    for times in (1, 30):
        assert alphabet(f"%R\t1\tTT_Task\t{text}\tA1000\n".encode(encoding) * times) == encoding


def test_a_cyrillic_xer_keeps_its_names_and_says_how_it_was_read(tmp_path: Path) -> None:
    text = xer().replace("Activity A", "Задача один").replace("Activity B", "Задача два")
    (tmp_path / "p.xer").write_bytes(text.encode("cp1251"))
    plan = pmo.read(tmp_path / "p.xer")
    assert plan.tables["activities"]["name"].to_list() == ["Задача один", "Задача два", "Activity C"]
    assert "Windows-1251" in plan.findings.filter(plan.findings["code"] == "encoding-assumed")["message"][0]


def test_a_chinese_xer_keeps_its_names(tmp_path: Path) -> None:
    text = xer().replace("Activity A", "土方开挖与基础施工").replace("Activity B", "混凝土浇筑")
    (tmp_path / "p.xer").write_bytes(text.encode("gbk"))
    plan = pmo.read(tmp_path / "p.xer")
    assert plan.tables["activities"]["name"].to_list() == ["土方开挖与基础施工", "混凝土浇筑", "Activity C"]
    assert "simplified Chinese" in plan.findings.filter(plan.findings["code"] == "encoding-assumed")["message"][0]
