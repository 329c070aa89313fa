"""Small XER files with one thing wrong in each, as text."""

from __future__ import annotations

WEEK = "(0||CalendarData()((0||DaysOfWeek()({days}))))"
WORKED = "(0||{day}()((0||0(s|08:00|f|12:00)())(0||1(s|13:00|f|17:00)())))"
FIVE_DAYS = WEEK.format(days="".join(WORKED.format(day=day) if day in "23456" else f"(0||{day}()())" for day in "1234567"))
NO_DAYS = WEEK.format(days="".join(f"(0||{day}()())" for day in "1234567"))
HEAD = "ERMHDR\t23.12\t2026-01-05\tProject\tplanner\tplanner\tdb\tProject Management\tUSD"


def xer(
    tasks: str = "A:40 B:16 C:24",
    links: str = "A>B B>C",
    *,
    calendar: str | None = FIVE_DAYS,
    data_date: str = "2026-01-05 08:00",
    constraint: dict[str, str] | None = None,
    fields: dict[str, str] | None = None,
) -> str:
    """`tasks` as id:hours, `links` as before>after; `constraint` dates a start on or after; `fields` are further PROJECT or SCHEDOPTIONS cells."""
    own = {"sched_retained_logic": "Y", "sched_progress_override": "N", **(fields or {})}
    lines = [HEAD, "%T\tPROJECT", "%F\tproj_id\tproj_short_name\tclndr_id\tlast_recalc_date\tplan_start_date\texport_flag"]
    lines += [f"%R\t1\tHOSTILE\t{'1' if calendar else ''}\t{data_date}\t{data_date}\tY"]
    if calendar is not None:
        lines += ["%T\tCALENDAR", "%F\tclndr_id\tdefault_flag\tclndr_name\tclndr_type\tday_hr_cnt\tclndr_data"]
        lines += [f"%R\t1\tY\tSite\tCA_Base\t8\t{calendar}"]
    lines += ["%T\tSCHEDOPTIONS", "%F\tschedoptions_id\tproj_id\t" + "\t".join(own), "%R\t1\t1\t" + "\t".join(own.values())]
    lines += [
        "%T\tTASK",
        "%F\ttask_id\tproj_id\tclndr_id\ttask_type\tstatus_code\ttask_code\ttask_name\ttarget_drtn_hr_cnt\tremain_drtn_hr_cnt\tcstr_type\tcstr_date",
    ]
    for name, hours in (each.split(":") for each in tasks.split()):
        date = (constraint or {}).get(name, "")
        cells = (name, "1", "1" if calendar else "", "TT_Task", "TK_NotStart", name, f"Activity {name}", hours, hours, "CS_MSOA" if date else "", date)
        lines.append("%R\t" + "\t".join(cells))
    lines += ["%T\tTASKPRED", "%F\ttask_pred_id\ttask_id\tpred_task_id\tproj_id\tpred_proj_id\tpred_type\tlag_hr_cnt"]
    for number, (before, after) in enumerate((each.split(">") for each in links.split()), 1):
        lines.append(f"%R\t{number}\t{after}\t{before}\t1\t1\tPR_FS\t0")
    return "\n".join([*lines, "%E", ""])
