"""Which alphabet a text has that is not Unicode."""

from __future__ import annotations

from pathlib import Path

import pytest

import pmo_lib as pmo
from pmo_lib.readers.alphabets import alphabet
from tests.schedule.hostile_files import xer

TEXTS = {  # encoding it is written in: its words
    "cp1252": ["Überprüfung der Maßnahmen für Qualität", "Création d'un échéancier détaillé à Québec", "Planejamento de construção, versão não concluída", "å"],
    "cp1251": ["Земляные работы, этап 2", "Монтаж KNX и пусконаладка", "Підготовка майданчика", "Бетониране на основи", "ПОДГОТОВКА площадки"],
}
OTHERS = {"cp1253": "Εκσκαφές και θεμελίωση του κτιρίου", "gbk": "土方开挖与基础施工", "cp932": "基礎工事と検査"}


@pytest.mark.parametrize(("encoding", "text"), [(encoding, text) for encoding, texts in TEXTS.items() for text in texts])
def test_western_and_cyrillic_words_are_told_apart(encoding: str, text: str) -> None:
    assert alphabet(f"%R\t1\tTT_Task\t{text}\tA1000\n".encode(encoding)) == encoding


@pytest.mark.parametrize("encoding", OTHERS)
def test_nothing_else_is_taken_for_cyrillic(encoding: str) -> None:
    assert alphabet(OTHERS[encoding].encode(encoding)) == "cp1252"


def test_a_cyrillic_xer_keeps_its_names_and_says_how_it_was_read(tmp_path: Path) -> None:
    text = xer().replace("Activity A", "Задача один").replace("Activity B", "Задача два")
    (tmp_path / "p.xer").write_bytes(text.encode("cp1251"))
    plan = pmo.read(tmp_path / "p.xer")
    assert plan.tables["activities"]["name"].to_list() == ["Задача один", "Задача два", "Activity C"]
    assert "Windows-1251" in plan.findings.filter(plan.findings["code"] == "encoding-assumed")["message"][0]
