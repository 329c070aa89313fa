"""Headers of lists of issues, in the languages in which Jira writes them; what repeats, repeats.

English is Jira's own; the other spellings are those of its translations and of lists that people make by hand. A header in no table is left out, and told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pmo_lib.readers.cells import plain
from pmo_lib.readers.headers import project_fit
from pmo_lib.readers.jira.fields import NAMES

SPELT: dict[str, str] = {
    "key": (
        "issue key|key|work item key|vorgangsschlüssel|vorgangs-key|schlüssel|clé de ticket|clé|clave de incidencia|clave|chave da item|chave|问题关键字|"
        "課題キー|ключ проблемы|ключ задачи|ключ|klucz zgłoszenia|clave de actividad|issuecode|clave de ticket|id|task id|issue number|number|#|card id|"
        "nr|nr.|no|no.|nummer|numéro|número|numero"
    ),
    "id": (
        "issue id|work item id|vorgangs-id|vorgangs id|id de ticket|identifiant de ticket|id de la incidencia|id de incidencia|问题id|課題 id|"
        "идентификатор проблемы|id задачи|id. zgłoszenia|id zgłoszenia|id da item|id do item"
    ),
    "summary": (
        "summary|zusammenfassung|résumé|resumen|resumo|概要|要約|name|title|task|titel|тема|podsumowanie|riepilogo|samenvatting|"
        "task name|card name|subject|betreff|sujet|asunto|assunto|aufgabe|bezeichnung|titre|título|titolo|tytuł"
    ),
    "type": (
        "issue type|work type|type|vorgangstyp|type de ticket|tipo de incidencia|tipo de item|问题类型|課題タイプ|typ|тип задачи|тип проблемы|typ zgłoszenia|"
        "tipo de ticket|tipo de actividad|tipo do item|work item type|tracker|"
        "arbeitselementtyp|type d'élément de travail|tipo de elemento de trabajo|tipo de item de trabalho|art"
    ),
    "status": "status|état|statut|estado|状态|ステータス|state|статус|stato|durum|stav|zustand|list name",
    "category": (
        "status category|statuskategorie|catégorie d'état|catégorie de statut|categoría de estado|categoria do status|状态类别|ステータスカテゴリ|"
        "категория статуса|kategoria statusu|categoria de status|categoría del estado"
    ),
    "category_changed": (
        "status category changed|statuskategorie geändert|catégorie d'état modifiée|categoría de estado modificada|категория статуса изменена|"
        "kategoria statusu zmieniona|categoria do status alterada|categoría de estado cambiada|statuskategorie wurde geändert"
    ),
    "project": (
        "project key|projektschlüssel|clé de projet|clave del proyecto|chave do projeto|项目关键字|プロジェクトキー|project|projekt|projet|proyecto|"
        "ключ проекта|klucz projektu|chave de projeto"
    ),
    "project_name": (
        "project name|projektname|nom du projet|nombre del proyecto|nome do projeto|项目名称|プロジェクト名|название проекта|имя проекта|nazwa projektu|"
        "nombre de proyecto"
    ),
    "priority": "priority|priorität|priorité|prioridad|prioridade|优先级|優先度|приоритет|priorytet",
    "resolution": "resolution|lösung|résolution|resolución|resolução|解决结果|解決状況|решение|rozwiązanie",
    "assignee": (
        "assignee|zugewiesene person|bearbeiter|personne assignée|attribution|persona asignada|responsable|responsável|经办人|担当者|исполнитель|"
        "osoba przypisana|assigned to|assignees|zugewiesen an|zugewiesen zu|affecté à|assigné à|asignado a|atribuído a|"
        "atribuída a|assegnato a"
    ),
    "creator": (
        "creator|ersteller|créateur|creador|criador|创建者|作成者|reporter|autor|rapporteur|informador|relator|报告人|報告者|создатель|автор|twórca|"
        "osoba zgłaszająca"
    ),
    "created": (
        "created|erstellt|création|créé|créée|creada|creado|criado|创建日期|已创建|作成日|created date|created at|creation date|date created|erstelldatum|"
        "создано|создана|utworzono|utworzone|criado(a)|creato|aangemaakt|data de criação|fecha de creación|date de création|"
        "erstellungsdatum|erstellt am|angelegt|angelegt am|créé le|creado el|criado em|data di creazione"
    ),
    "updated": (
        "updated|aktualisiert|mise à jour|mis à jour|actualizada|actualizado|atualizado|已更新|更新日|last modified|updated at|обновлено|обновленo|"
        "обновлена|zaktualizowano|atualizado(a)|aggiornato|bijgewerkt|changed date|updated date|date updated|last activity date"
    ),
    "resolved": (
        "resolved|erledigt|résolution effectuée|résolu|résolue|resuelta|resuelto|resolvido|已解决|解決日|finished date|finished at|finish date|"
        "date finished|closed date|closed at|closed|completed date|completed at|completed|done date|resolution date|resolved date|abgeschlossen|"
        "erledigt am|дата решения|решено|rozwiązane|rozwiązano|resolvido(a)|resolutiondate|resolution_date|finished|done at|"
        "date resolved|date closed|date done|date completed|completion date|fertiggestellt|fertig am|abschlussdatum|"
        "terminé le|date de résolution|fecha de resolución|data de conclusão|"
        "data de resolução|дата завершения|zakończono|"
        "geschlossen|geschlossen am|abgeschlossen am|gelöst am|clôturé le|date de clôture|date de fermeture|date de fin réelle|cerrado el|fecha de cierre|"
        "fechado em|data de fechamento|data de encerramento|concluído em|data di chiusura"
    ),
    "due": "due date|due|fälligkeitsdatum|fällig|date d'échéance|échéance|fecha de vencimiento|data limite|到期日|期限|срок исполнения|termin",
    "versions": (
        "fix version/s|fix versions|fix version|lösungsversion(en)|lösungsversionen|lösungsversion|version(s) corrigée(s)|versions corrigées|"
        "versión(es) de corrección|versiones de corrección|versões corrigidas|修复版本|修正バージョン|исправить в версиях|wersje naprawcze|wersja naprawcza"
    ),
    "components": (
        "component/s|components|component|komponente(n)|komponenten|composant(s)|composants|componente(s)|componentes|模块|コンポーネント|компоненты|komponenty"
    ),
    "labels": "labels|label|tags|stichwörter|étiquettes|étiquette|etiquetas|rótulos|标签|ラベル|метки|etykiety",
    "sprints": "sprint|sprints|冲刺|スプリント|спринт",
    "original": (
        "original estimate|ursprüngliche schätzung|estimation originale|estimation initiale|estimación original|estimativa original|原预估时间|初期見積もり|"
        "первоначальная оценка|pierwotne oszacowanie"
    ),
    "remaining": (
        "remaining estimate|verbleibende schätzung|restschätzung|estimation restante|trabajo restante estimado|estimación restante|"
        "estimativa restante|剩余的估算|残余見積もり|оставшееся время|pozostały koszt|estimativa de trabalho restante"
    ),
    "spent": (
        "time spent|benötigte zeit|erfasste zeit|zeitaufwand|temps passé|temps consacré|tiempo trabajado|tiempo empleado|tempo gasto|耗费时间|作業時間|"
        "затраченное время|czas poświęcony"
    ),
    "started": (
        "started|started at|started on|date started|activated date|work started|in progress since|begonnen|begonnen am|gestartet|gestartet am|commencé le|"
        "démarré le|iniciado|iniciado em|iniciado el|начато|rozpoczęto|in behandeling sinds|iniziato|"
        "aktiviert am|aktivierungsdatum|beginn der arbeit|in arbeit seit|date d'activation|en cours depuis|fecha de activación|en curso desde|data de ativação|"
        "em andamento desde|tatsächlicher beginn|début réel|inicio real|início real"
    ),
    "worklogs": (
        "log work|work log|arbeitsprotokoll|arbeit protokollieren|journal de travail|registrar trabajo|工作日志|作業を記録|сделать запись о работе|rejestr prac"
    ),
    "parent": (
        "parent key|clave principal|chave pai|ключ родителя|parent id|parent|übergeordnetes element|übergeordnet|id parent|parente|principal|父级|親|"
        "parent issue|parent task|clé parent|clé du parent|pai|element nadrzędny|родитель|родительская задача"
    ),
}
SEVERAL = ("parent", "resolved")
ZONED = re.compile(r" \((?:utc|gmt)\)$")
PLAINLY = {spelt for role in ("points", "team", "service") for spelt in NAMES[role].split("|")}  # custom fields that other tools' lists call by their names
CUSTOM = re.compile(
    r"^(?:custom field|benutzerdefinierte[sr]? feld(?:er)?|champs? personnalisés?|campos? personalizados?|пользовательское поле|pole niestandardowe|"
    r"pole własne|自定义字段|カスタムフィールド)\s*[(（](.+)[)）]$",
    re.IGNORECASE,
)
LINK = re.compile(
    r"^(?P<side>outward|inward|ausgehende|eingehende|sortante|entrante|внешняя|входящая|zewnętrzne|wewnętrzne)\b.*[(（](?P<type>.+)[)）]$"
    r"|^(?:lien d[eu] ticket|enlace de incidencia) (?P<other>sortant|entrant|saliente|entrante) ?[(](?P<kind>.+)[)]$",
    re.IGNORECASE,
)  # fmt: skip
OUTWARD = {"outward", "ausgehende", "sortante", "sortant", "saliente", "внешняя", "zewnętrzne"}
# what an issue has besides, and is no part of a board
IGNORED_TOO = {"cycle time", "cycle time days", "cycle times"}  # a list that made them itself
IGNORED = {
    plain(name)
    for name in (
        "comment", "kommentar", "commentaire", "comentario", "description", "beschreibung", "attachment", "anhang", "watchers", "watchers id", "votes",
        "environment", "last viewed", "work ratio", "security level", "project type", "project lead", "project lead id", "project description",
        "project url", "assignee id", "reporter id", "creator id", "parent summary", "σ original estimate", "σ remaining estimate", "σ time spent",
        "affects version/s", "affects versions", "images", "comments", "sub-tasks",
        "комментарий", "описание", "вложение", "наблюдатели", "голоса", "окружение", "последний просмотр", "opis", "załącznik", "komentarz", "obserwujący",
        "głosy", "środowisko", "ostatnio wyświetlane", "descripción", "adjunto", "interesados", "votos", "entorno", "vista por última vez",
        "descrição", "anexo", "comentário", "seguidores", "ambiente", "última visualização", "beobachter", "stimmen", "umgebung", "zuletzt angezeigt",
    )
}  # fmt: skip
TYPES = {  # Jira's own types of links: how they read outward and inward
    "blocks": ("blocks", "is blocked by"),
    "cloners": ("clones", "is cloned by"),
    "duplicate": ("duplicates", "is duplicated by"),
    "relates": ("relates to", "relates to"),
    "problem/incident": ("causes", "is caused by"),
    "issue split": ("split to", "split from"),
}
TABLE = {plain(spelt): (name, rank) for name, spellings in SPELT.items() for rank, spelt in reversed(list(enumerate(spellings.split("|"))))}


@dataclass(frozen=True, slots=True)
class Headers:
    """Which columns of a list hold what: by field, by custom field's name, and the type and side of links."""

    fields: dict[str, list[int]]
    custom: dict[str, list[int]]
    links: list[tuple[int, str, bool]]  # column, type, outward
    unknown: list[str]

    def first(self, cells: Sequence[str], name: str) -> str:
        """The first filled cell of a field."""
        return next((cells[at] for at in self.fields.get(name, ()) if cells[at]), "")

    def every(self, cells: Sequence[str], name: str) -> list[str]:
        """Every filled cell of a field that repeats."""
        return [cells[at] for at in self.fields.get(name, ()) if cells[at]]


def understood(headers: Sequence[str], *, bare: bool = False) -> Headers:
    """What the headers say. Of several spellings of one field the table's first holds, with its repetitions; a parent and a finish are told by any.

    In a `bare` list of finished items a finish and an item may be called more simply.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    custom: dict[str, list[int]] = {}
    links: list[tuple[int, str, bool]] = []
    unknown: list[str] = []
    for at, header in enumerate(headers):
        said = ZONED.sub("", plain(header.replace("_", " ")).rstrip(":"))
        if own := CUSTOM.match(header.strip()):
            custom.setdefault(own[1].strip(), []).append(at)
        elif link := LINK.match(header.strip()):
            links.append((at, link["type"] or link["kind"], (link["side"] or link["other"]).lower() in OUTWARD))
        elif said in TABLE or (bare and said in BARE):
            name, rank = TABLE.get(said) or BARE[said]
            found.setdefault(name, []).append((rank, at))
        elif said in PLAINLY:
            custom.setdefault(header.strip(), []).append(at)
        elif said and said not in IGNORED:
            unknown.append(header)
    fields = {name: [at for rank, at in sorted(ranked) if rank == min(ranked)[0] or name in SEVERAL] for name, ranked in found.items()}
    if "key" not in fields and "id" in fields:
        fields["key"] = fields["id"]  # other tools than Jira have one of them
    return Headers(fields, custom, links, unknown)


# in a list of finished items, which is known by them where it has no other name of a finish
FINISHES = {plain(word) for word in ("done", "finish", "end", "end date", "fertig", "ende", "enddatum", "terminé", "terminado", "concluído")}
BARE = {**dict.fromkeys(FINISHES, ("resolved", 100)), **dict.fromkeys(("item", "ticket", "story", "card", "feature", "work item"), ("summary", 100))}


def finish_fit(headers: Sequence[str]) -> int:
    """How many headers of a list of finished items are there; none count without a finish, nor where it is a list of issues, of activities or of whatever
    else has a column of ends: most of its headers are then unknown."""
    said = [plain(header.replace("_", " ")) for header in headers]
    known = understood(headers, bare=True)
    found = known.fields.keys()
    if 2 * len(known.unknown) > sum(map(bool, said)):
        return 0
    planned = set(said) & {"start", "start date", "duration", "predecessors", "task id", "activity id", "baseline finish", "% complete"}
    if fit(headers) or planned or not ("resolved" in found or set(said) & FINISHES):
        return 0
    return len(found | ({"resolved"} if set(said) & FINISHES else set()))


# what nothing but Jira calls a key
JIRAS = {
    plain(word)
    for word in (
        "issue key",
        "work item key",
        "vorgangsschlüssel",
        "clé de ticket",
        "clave de incidencia",
        "chave da item",
        "ключ проблемы",
        "klucz zgłoszenia",
        "vorgangs-key",
        "clave de actividad",
        "clave de ticket",
        "ключ задачи",
        "问题关键字",
        "課題キー",
    )
}


OTHERS = ({"work item type", "state"}, {"card id", "list name"})  # what Azure DevOps' lists of work items have, and Trello's of cards


def fit(headers: Sequence[str]) -> int:
    """How many headers of a list of issues are there; none count without key, creation, and status or resolution.

    An export of Jira's, of Azure DevOps or of Trello that lacks the creation is one all the same, which is then refused for it, and not taken for a list
    of activities.
    """
    found = understood(headers).fields.keys()
    told = {plain(header) for header in headers}
    own = bool(JIRAS & told) or any(names <= told for names in OTHERS)
    named = ({"key", "created"} <= found and bool({"status", "resolved"} & found)) or (own and "status" in found and "resolved" not in found)
    tasks = "task id" in told and not {"created", "resolved"} <= found
    other = bool(project_fit(headers)) or tasks or bool(told & {"duration", "predecessors", "activity id", "% complete"})
    return len(found) if named and (own or not other) else 0  # Jira's own exports name the project's lead too, as lists of projects do
