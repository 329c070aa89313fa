"""Packages of work that capital projects share. Each adds its works to a draft and returns the id that others follow."""

from __future__ import annotations

from pmo_demo.drafts import Draft


def design(d: Draft, after: str, days: float, meica: bool = True) -> str:
    """Outline to approved detailed design; `days` is the detailed design's length."""
    d.phase("Design")
    brief = d.task("Agree design brief and basis of design", 10, after, "PM*0.5; DES*1", discipline="DES")
    survey = d.task("Topographical and utilities survey", 12, after, "CIV*2", discipline="DES")
    ground = d.task("Ground investigation and interpretive report", days * 0.8, f"{survey}", "CIV*3; EXC*0.5", discipline="DES")
    outline = d.task("Outline design and options report", days * 0.7, f"{brief}", "DES*2", discipline="DES")
    civil = d.task("Detailed design, civil and structural", days, f"{outline}; {ground} FS-5d", "DES*3", discipline="DES")
    last = civil
    if meica:
        last = d.task("Detailed design, mechanical and electrical", days, f"{outline}; {civil} SS+10d", "MEI*2", discipline="DES")
        d.task("Functional design specification and ICA design", days * 0.6, f"{last} SS+10d", "MEI*1", discipline="DES")
        hazop = d.task("HAZOP and ALM workshop", 5, f"{last}; {list(d.works)[-1]}", "MEI*2; DES*1", discipline="DES")
        last = hazop
    review = d.task("Design review and technical approval", 10, f"{civil}; {last}", "PM*0.5; DES*1", discipline="DES")
    return d.milestone("Detailed design approved", review, discipline="DES")


def consents(d: Draft, after: str, permits: list[tuple[str, float]]) -> str:
    """Applications, each with the authority's time to decide; returns the milestone that all are granted."""
    d.phase("Consents and land")
    granted = []
    for name, weeks in permits:
        made = d.task(f"Prepare application: {name}", 15, after, "ENV*1", discipline="CON")
        granted.append(d.task(f"Determination: {name}", weeks * 5, made, discipline="CON"))
    return d.milestone("All consents granted", "; ".join(granted), discipline="CON")


def purchase(d: Draft, item: str, after: str, lead: float, lots: float, supply: str = "PLT") -> str:
    """Tender to delivery of one long-lead item; `lead` is the manufacture in days."""
    d.section(item)
    enquiry = d.task(f"Prepare enquiry: {item}", 8, after, "BUY*1; MEI*0.5", discipline="PRO")
    tender = d.task(f"Tender period: {item}", 20, enquiry, discipline="PRO")
    award = d.task(f"Evaluate and place order: {item}", 10, tender, "BUY*1", discipline="PRO")
    made = d.task(f"Manufacture: {item}", lead, award, f"{supply}*{lots:g}", discipline="PRO")
    tested = d.task(f"Factory acceptance test: {item}", 3, made, "MEI*1", discipline="PRO")
    return d.task(f"Deliver to site: {item}", 5, tested, "CRA*0.5", discipline="PRO")


def enabling(d: Draft, after: str) -> str:
    d.phase("Enabling works")
    compound = d.task("Set up site compound and welfare", 8, after, "CIV*4; EXC*1", on="2", discipline="CIV")
    road = d.task("Temporary access road and haul routes", 10, f"{compound} SS+3d", "CIV*5; EXC*1", on="2", discipline="CIV")
    divert = d.task("Divert existing services", 15, compound, "CIV*4; ELE*1", on="2", discipline="CIV")
    clear = d.task("Site clearance and ecological fencing", 6, f"{compound} SS+2d", "CIV*3; ENV*0.5", on="2", discipline="CIV")
    return d.milestone("Site ready for main works", f"{road}; {divert}; {clear}", discipline="CIV")


def structure(d: Draft, name: str, after: str, size: float) -> str:
    """A water-retaining concrete structure; `size` scales its durations and quantities. Returns the water test."""
    d.section(name)
    dig = d.task(f"Excavate and form level: {name}", 8 * size, after, "CIV*4; EXC*2", on="2", discipline="CIV")
    base = d.task(f"Blinding and base slab: {name}", 10 * size, dig, f"CIV*6; CRA*0.3; CON*{90 * size:g}", on="2", discipline="CIV")
    walls = d.task(f"Walls, reinforcement and pours: {name}", 18 * size, f"{base} FS+2d", f"CIV*8; CRA*0.5; CON*{140 * size:g}", on="2", discipline="CIV")
    roof = d.task(f"Cover slab and openings: {name}", 9 * size, walls, f"CIV*6; CON*{50 * size:g}", on="2", discipline="CIV")
    test = d.task(f"Water tightness test: {name}", 7, f"{walls} FS+5d", on="3", discipline="CIV")
    d.task(f"Backfill and surface drainage: {name}", 6 * size, f"{test}; {roof}", "CIV*4; EXC*1", on="2", discipline="CIV")
    return test


def fit_out(d: Draft, name: str, after: str, size: float) -> str:
    """Mechanical, electrical and control installation of one structure; returns the dry test."""
    d.section(f"{name}, MEICA")
    pipes = d.task(f"Pipework and valves: {name}", 12 * size, after, "MEC*4; CRA*0.2", on="2", discipline="MEC")
    plant = d.task(f"Set and align plant: {name}", 8 * size, f"{pipes} SS+5d", "MEC*3; CRA*0.5", on="2", discipline="MEC")
    cables = d.task(f"Containment and cabling: {name}", 12 * size, f"{pipes} SS+4d", "ELE*4", on="2", discipline="ELE")
    control = d.task(f"Instruments and control loops: {name}", 7 * size, f"{cables}; {plant} FF+2d", "ICA*2", on="2", discipline="ICA")
    return d.task(f"Dry test and loop checks: {name}", 4, f"{control}; {plant}", "ICA*1; COM*1", discipline="COM")


def pipeline(d: Draft, name: str, after: str, metres: float) -> str:
    """One section of a pipeline, at 25 m a day; returns the pressure test."""
    d.section(name)
    days = metres / 25
    strip = d.task(f"Fence and strip easement: {name}", days * 0.3, after, "CIV*4; EXC*1", on="2", discipline="CIV")
    string = d.task(f"Deliver and string pipe: {name}", days * 0.4, f"{strip} SS+2d", f"PIP*2; PIPE*{metres:g}", on="2", discipline="PIP")
    lay = d.task(f"Trench, lay and joint: {name}", days, f"{strip}; {string} SS+3d; {string} FF+4d", "PIP*6; EXC*2", on="2", discipline="PIP")
    back = d.task(f"Backfill and reinstate: {name}", days * 0.7, f"{lay} SS+5d; {lay} FF+3d", "CIV*4; EXC*1", on="2", discipline="CIV")
    test = d.task(f"Pressure test: {name}", 3, lay, "PIP*2; COM*1", on="2", discipline="COM")
    d.task(f"Final reinstatement and land return: {name}", 6, f"{back}; {test}", "CIV*3", on="2", discipline="CIV")
    return test


def handover(d: Draft, after: str, trial: float = 28) -> str:
    """From wet commissioning to project completion; returns the completion milestone."""
    d.phase("Commissioning and handover")
    wet = d.task("Wet commissioning and process proving", 15, after, "COM*2; ICA*1", discipline="COM")
    samples = d.task("Water quality sampling and analysis", 14, f"{wet} SS+5d; {wet} FF+3d", on="3", discipline="COM")
    trial_run = d.task(f"Reliability trial, {trial:g} days", trial, f"{wet}; {samples}", on="3", discipline="COM")
    train = d.task("Operator training", 8, f"{wet}", "COM*1", discipline="COM")
    manuals = d.task("Operation and maintenance manuals", 20, f"{wet} SS", "MEI*1", discipline="COM")
    service = d.milestone("Beneficial use", f"{trial_run}; {train}", discipline="COM")
    snags = d.task("Clear snags and demobilise", 12, service, "CIV*3; MEC*1", on="2", discipline="COM")
    file = d.task("Health and safety file, as-built records", 15, f"{service}; {manuals}", "DES*1", discipline="MGT")
    return d.milestone("Project complete", f"{snags}; {file}", discipline="MGT")


def management(d: Draft, first: str, last: str) -> None:
    """Level of effort: it spans the project and drives nothing."""
    d.phase("Project management")
    d.task("Project management and controls", 200, f"{first} SS; {last} FF", "PM*1", kind="level_of_effort", discipline="MGT")
    d.task("Site supervision and safety", 200, f"{first} SS; {last} FF", "SUP*1", kind="level_of_effort", discipline="MGT")
