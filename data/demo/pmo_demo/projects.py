"""The ten projects as they were planned, before anything went wrong."""

from __future__ import annotations

from datetime import datetime

from pmo_demo.catalogue import consents, design, enabling, fit_out, handover, management, pipeline, purchase, structure
from pmo_demo.crews import POOL
from pmo_demo.drafts import Draft


def _draft(key: str, name: str, code: str, application: str, start: str, manager: str) -> Draft:
    return Draft(key, name, code, application, datetime.fromisoformat(f"{start}T08:00"), manager, POOL)


def northgate() -> Draft:
    d = _draft("NORTHGATE", "Northgate Treatment Works", "NTW", "p6", "2025-09-01", "Helen Marsh")
    d.phase("Milestones")
    start = d.milestone("Contract start", kind="start_milestone")
    designed = design(d, start, 45)
    allowed = consents(d, start, [("planning permission", 13), ("discharge permit", 16)])
    d.phase("Procurement")
    filters = purchase(d, "Membrane filtration skids", designed, 75, 1450)
    uv = purchase(d, "UV disinfection reactors", designed, 60, 620)
    panels = purchase(d, "Motor control centres", designed, 65, 540, "KIT")
    ready = enabling(d, f"{allowed}; {designed} FS-20d")
    d.phase("Civil works")
    inlet = structure(d, "Inlet works", ready, 0.8)
    clarifier = structure(d, "Clarifiers", f"{ready} FS+10d", 1.2)
    filter_hall = structure(d, "Filter hall", ready, 1.4)
    tank = structure(d, "Treated water tank", f"{clarifier} SS", 1.0)
    d.phase("MEICA installation")
    tested = [
        fit_out(d, "Inlet works", f"{inlet}; {panels}", 0.8),
        fit_out(d, "Clarifiers", f"{clarifier}; {panels}", 1.0),
        fit_out(d, "Filter hall", f"{filter_hall}; {filters}; {panels}", 1.5),
        fit_out(d, "UV and treated water", f"{tank}; {uv}; {panels}", 1.0),
    ]
    power = d.task("New 11 kV supply energised", 5, f"{ready} FS+60d; {panels}", "ELE*3", discipline="ELE")
    complete = handover(d, "; ".join([*tested, power]))
    management(d, start, complete)
    return d


def fenwick() -> Draft:
    d = _draft("FENWICK", "Fenwick Reservoir Relining", "FRR", "p6", "2026-01-12", "Tom Oduya")
    d.phase("Milestones")
    start = d.milestone("Contract start", kind="start_milestone")
    designed = design(d, start, 20, meica=False)
    d.phase("Procurement")
    membrane = purchase(d, "Lining membrane and primer", designed, 35, 310)
    hatches = purchase(d, "Access hatches and ladders", designed, 40, 120)
    ready = enabling(d, f"{designed} FS-10d")
    last = ready
    for side in ("East compartment", "West compartment"):
        d.phase(side)
        isolate = d.task(f"Isolate and drain: {side}", 6, last, "MEC*2; COM*1", discipline="MEC")
        inspect = d.task(f"Structural inspection and repair scope: {side}", 8, isolate, "DES*1", discipline="DES")
        blast = d.task(f"High-pressure clean and surface preparation: {side}", 14, inspect, "LIN*5", on="2", discipline="LIN")
        joints = d.task(f"Concrete repairs and joint sealing: {side}", 18, f"{inspect}; {blast} SS+5d", "CIV*5; CON*25", on="2", discipline="CIV")
        lining = d.task(f"Apply lining: {side}", 22, f"{blast}; {joints} FS-3d; {membrane}", "LIN*6", on="2", discipline="LIN")
        cure = d.task(f"Cure lining: {side}", 14, lining, on="3", discipline="LIN")
        pipes = d.task(f"Replace inlet and outlet valves: {side}", 12, f"{joints}", "MEC*3; CRA*0.3", on="2", discipline="MEC")
        access = d.task(f"Fit access hatches and ladders: {side}", 8, f"{lining}; {hatches}", "MEC*3", on="2", discipline="MEC")
        telemetry = d.task(f"Level telemetry and intruder alarms: {side}", 7, f"{pipes}", "ICA*2", discipline="ICA")
        fill = d.task(f"Disinfect, fill and sample: {side}", 10, f"{cure}; {pipes}; {access}", on="3", discipline="COM")
        last = d.milestone(f"{side} returned to supply", f"{fill}; {telemetry}", discipline="COM")
    d.phase("Roof and grounds")
    roof = d.task("Strip and renew roof membrane", 25, f"{ready} FS+20d", "CIV*6", on="2", discipline="CIV")
    d.task("Perimeter drains and embankment repairs", 15, roof, "CIV*4; EXC*1", on="2", discipline="CIV")
    complete = handover(d, f"{last}; {list(d.works)[-1]}", 14)
    management(d, start, complete)
    return d


def saltmarsh() -> Draft:
    d = _draft("SALTMARSH", "Saltmarsh Outfall", "SMO", "p6", "2025-11-03", "Priya Nair")
    d.phase("Milestones")
    start = d.milestone("Contract start", kind="start_milestone")
    designed = design(d, start, 40)
    allowed = consents(d, start, [("marine licence", 20), ("Crown Estate lease", 18), ("discharge permit variation", 14)])
    d.phase("Procurement")
    pumps = purchase(d, "Storm pumps", designed, 70, 480)
    pipe = purchase(d, "HDPE outfall pipe strings", designed, 50, 690)
    ready = enabling(d, f"{allowed}; {designed} FS-10d")
    d.phase("Marine works")
    d.section("Shaft and tunnel")
    shaft = d.task("Sink drive shaft", 25, ready, "CIV*8; CRA*1; CON*180", on="2", discipline="CIV")
    setup = d.task("Set up tunnelling machine", 10, shaft, "CIV*6; CRA*1", on="2", discipline="CIV")
    drive = d.task("Drive 420 m under foreshore", 42, setup, "CIV*10", on="2", discipline="CIV")
    d.section("Outfall")
    dredge = d.task("Dredge trench", 18, f"{allowed}; {shaft} SS+10d", "DIV*4; BAR*1", on="2", discipline="MAR")
    float_out = d.task("Float and sink pipe strings", 12, f"{dredge}; {pipe}", "DIV*6; BAR*1", on="2", discipline="MAR")
    connect = d.task("Underwater connection to tunnel", 10, f"{drive}; {float_out}", "DIV*6; BAR*1", on="2", discipline="MAR")
    diffuser = d.task("Install diffuser heads", 8, float_out, "DIV*6; BAR*1", on="2", discipline="MAR")
    rock = d.task("Place rock armour", 14, f"{connect}; {diffuser}", "DIV*4; BAR*1", on="2", discipline="MAR")
    d.task("Post-construction bathymetric survey", 5, rock, "DIV*2", discipline="MAR")
    d.phase("Storm pumping station")
    tank = structure(d, "Storm tank", ready, 1.3)
    dry = fit_out(d, "Storm pumping station", f"{tank}; {pumps}", 1.3)
    complete = handover(d, f"{dry}; {connect}; {list(d.works)[-1]}; {rock}")
    management(d, start, complete)
    return d


def kestrel() -> Draft:
    d = _draft("KESTREL", "Kestrel Pumping Main", "KPM", "p6", "2026-01-05", "Andrew Boyle")
    d.phase("Milestones")
    start = d.milestone("Contract start", kind="start_milestone")
    designed = design(d, start, 35)
    allowed = consents(d, start, [("planning permission", 12), ("river crossing permit", 14)])
    d.phase("Procurement")
    pumps = purchase(d, "Booster pumps and drives", designed, 60, 380)
    panels = purchase(d, "Switchgear and control panel", designed, 55, 240, "KIT")
    ready = enabling(d, f"{allowed}; {designed} FS-15d")
    d.phase("Pipeline")
    first = pipeline(d, "Section 1, Kestrel Road", ready, 900)
    second = pipeline(d, "Section 2, Mill Lane", f"{list(d.works)[-4]}", 1000)
    third = pipeline(d, "Section 3, river crossing", f"{list(d.works)[-4]}", 650)
    fourth = pipeline(d, "Section 4, Hobb's Farm", f"{ready} FS+20d", 1100)
    d.phase("Booster station")
    wet_well = structure(d, "Booster station", f"{ready} FS+5d", 0.8)
    dry = fit_out(d, "Booster station", f"{wet_well}; {pumps}; {panels}", 1.0)
    d.phase("Connections")
    clean = d.task("Swab, chlorinate and sample main", 10, f"{first}; {second}; {third}; {fourth}", "PIP*4", on="2", discipline="COM")
    join = d.task("Connect to trunk main under shutdown", 4, f"{clean}", "PIP*6; MEC*2", on="2", discipline="PIP")
    complete = handover(d, f"{dry}; {join}", 21)
    management(d, start, complete)
    return d


def harrow() -> Draft:
    d = _draft("HARROW", "Harrow Lane Substation", "HLS", "msp", "2026-01-05", "Grace Whitlock")
    d.phase("Governance")
    start = d.milestone("Gate 2 approval", kind="start_milestone")
    designed = design(d, start, 28)
    d.phase("Procurement")
    gear = purchase(d, "11 kV switchgear", designed, 80, 720, "KIT")
    transformer = purchase(d, "1.6 MVA transformers", designed, 90, 410, "KIT")
    ready = enabling(d, designed)
    d.phase("Building")
    base = d.task("Piling and ground beams", 15, ready, "CIV*6; CRA*0.5; CON*60", discipline="CIV")
    frame = d.task("Steel frame and cladding", 20, f"{base} FS+3d", "CIV*5; CRA*1", discipline="CIV")
    fit = d.task("Internal fit-out, fire and ventilation", 18, frame, "CIV*4; ELE*2", discipline="CIV")
    bays = d.task("Transformer bays and bund walls", 14, base, "CIV*4; CON*45", discipline="CIV")
    d.phase("Electrical installation")
    cable = d.task("Lay incoming 11 kV cables", 16, ready, "ELE*5; EXC*1", discipline="ELE")
    install = d.task("Install switchgear", 12, f"{fit}; {gear}", "ELE*4; CRA*0.3", discipline="ELE")
    offload = d.task("Offload and set transformers", 5, f"{bays}; {transformer}", "ELE*3; CRA*1", discipline="ELE")
    joint = d.task("Joint and terminate cables", 10, f"{install}; {offload}; {cable}", "ELE*4", discipline="ELE")
    relay = d.task("Protection relays and SCADA link", 10, f"{install} SS+6d", "ICA*2", discipline="ICA")
    inject = d.task("Secondary injection and protection tests", 8, f"{joint}; {relay}", "ICA*2; COM*1", discipline="COM")
    d.phase("Energisation")
    witness = d.task("Network operator witness tests", 5, inject, "COM*2", discipline="COM")
    live = d.milestone("Substation energised", witness, discipline="COM")
    transfer = d.task("Transfer site loads in stages", 15, live, "ELE*4", discipline="ELE")
    remove = d.task("Remove old switchroom", 12, transfer, "CIV*4; ELE*1", discipline="CIV")
    records = d.task("As-built records and safety file", 10, transfer, "DES*1", discipline="MGT")
    d.milestone("Project complete", f"{remove}; {records}", discipline="MGT")
    return d


def control() -> Draft:
    d = _draft("CONTROL", "Control Room Relocation", "CRR", "msp", "2026-01-19", "Martin Keogh")
    d.phase("Governance")
    start = d.milestone("Gate 2 approval", kind="start_milestone")
    designed = design(d, start, 15)
    d.phase("Procurement")
    wall = purchase(d, "Video wall and operator desks", designed, 40, 260, "KIT")
    network = purchase(d, "Network and UPS equipment", designed, 35, 180, "KIT")
    d.phase("Building works")
    strip = d.task("Strip out second floor", 10, designed, "CIV*4", discipline="CIV")
    walls = d.task("Partitions, raised floor and ceiling", 18, strip, "CIV*5", discipline="CIV")
    air = d.task("Cooling and ventilation", 15, f"{walls} SS+5d", "MEC*3", discipline="MEC")
    power = d.task("Dual power feeds and lighting", 16, f"{walls} SS+4d", "ELE*4", discipline="ELE")
    decorate = d.task("Decoration and acoustic treatment", 8, f"{walls}; {air}; {power}", "CIV*3", discipline="CIV")
    d.phase("Systems")
    racks = d.task("Install racks, UPS and network", 12, f"{power}; {network}", "ICA*2; ELE*1", discipline="ICA")
    desks = d.task("Install video wall and desks", 10, f"{decorate}; {wall}", "ICA*3", discipline="ICA")
    scada = d.task("Build SCADA servers and mirror data", 25, racks, "DEV*2; ICA*1", discipline="IT")
    radio = d.task("Telephony, radio and emergency lines", 12, racks, "ICA*2", discipline="ICA")
    cyber = d.task("Penetration test and fixes", 12, scada, "TES*2", discipline="IT")
    d.phase("Move")
    rehearse = d.task("Operators' familiarisation shifts", 15, f"{desks}; {scada}; {radio}", "COM*1", discipline="COM")
    parallel = d.task("Parallel running of both rooms", 20, f"{rehearse}; {cyber}", "COM*2", discipline="COM")
    cut = d.milestone("Control transferred to the new room", parallel, discipline="COM")
    old = d.task("Decommission the old room", 20, cut, "ICA*2; ELE*1", discipline="ICA")
    evacuate = d.task("Business continuity exercise", 5, f"{cut} FS+10d", "COM*2", discipline="COM")
    lessons = d.task("Lessons and records", 8, f"{old} SS+10d", "PM*0.5", discipline="MGT")
    d.milestone("Project complete", f"{old}; {evacuate}; {lessons}", discipline="MGT")
    return d


def depot() -> Draft:
    d = _draft("DEPOT", "Depot Electrification", "DEP", "msp", "2027-01-11", "Sofia Reyes")
    d.phase("Governance")
    start = d.milestone("Gate 3 approval", kind="start_milestone")
    designed = design(d, start, 25)
    allowed = consents(d, start, [("network connection offer", 12), ("building control", 6)])
    d.phase("Procurement")
    chargers = purchase(d, "Rapid and overnight chargers", designed, 55, 640, "KIT")
    feeder = purchase(d, "Package substation", designed, 75, 290, "KIT")
    ready = enabling(d, f"{designed}; {allowed}")
    for site in ("Aldermoor depot", "Wickham depot", "Eastleigh Road depot"):
        d.phase(site)
        ducts = d.task(f"Ducts and charger plinths: {site}", 14, ready, "CIV*5; EXC*1; CON*30", discipline="CIV")
        base = d.task(f"Substation base and fencing: {site}", 8, f"{ducts} SS+4d", "CIV*4; CON*18", discipline="CIV")
        supply = d.task(f"Install package substation: {site}", 6, f"{base}; {feeder}", "ELE*4; CRA*1", discipline="ELE")
        mount = d.task(f"Mount chargers and pull cables: {site}", 12, f"{ducts}; {chargers}", "ELE*5", discipline="ELE")
        smart = d.task(f"Load management and back office: {site}", 8, mount, "ICA*1; DEV*1", discipline="ICA")
        test = d.task(f"Test and energise: {site}", 5, f"{supply}; {smart}", "ELE*2; COM*1", discipline="COM")
        ready = d.milestone(f"{site} live", test, discipline="COM")
    d.phase("Close")
    train = d.task("Drivers' and technicians' training", 10, f"{ready} FS-15d", "COM*1", discipline="COM")
    trial = d.task("Four-week fleet trial", 28, f"{ready}", on="3", discipline="COM")
    records = d.task("As-built records and safety file", 10, ready, "DES*1", discipline="MGT")
    d.milestone("Project complete", f"{train}; {trial}; {records}", discipline="MGT")
    return d


def billing() -> Draft:
    d = _draft("BILLING", "Billing Platform Renewal", "BPR", "msp", "2026-02-02", "Daniel Achterberg")
    d.phase("Governance")
    start = d.milestone("Gate 2 approval", kind="start_milestone")
    d.phase("Discovery")
    process = d.task("Map billing and debt processes", 20, start, "ANA*3", discipline="IT")
    rules = d.task("Catalogue tariffs and billing rules", 25, f"{process} SS+10d", "ANA*2", discipline="IT")
    gaps = d.task("Fit-gap analysis with supplier", 15, f"{process}; {rules}", "ANA*2; DEV*1", discipline="IT")
    scope = d.milestone("Scope baseline agreed", gaps, discipline="IT")
    d.phase("Build")
    built = []
    for name, days in [
        ("Tariff engine", 45),
        ("Customer accounts", 35),
        ("Meter reads intake", 30),
        ("Payments and direct debit", 40),
        ("Debt and collections", 30),
        ("Correspondence", 25),
    ]:
        d.section(name)
        configure = d.task(f"Configure: {name}", days, f"{scope}" if len(built) < 3 else f"{built[-3]} FS-10d", "DEV*2", discipline="IT")
        connect = d.task(f"Interfaces: {name}", days * 0.5, f"{configure} SS+10d", "DEV*1", discipline="IT")
        unit = d.task(f"System test: {name}", days * 0.4, f"{configure}; {connect}", "TES*2", discipline="IT")
        built.append(unit)
    d.phase("Data migration")
    profile = d.task("Profile and cleanse legacy data", 45, scope, "ANA*2", discipline="IT")
    mapping = d.task("Build migration mappings", 35, f"{profile} SS+15d", "DEV*2", discipline="IT")
    trials = [d.task("Trial load 1", 10, f"{profile}; {mapping}", "DEV*2; TES*1", discipline="IT")]
    for number in (2, 3):
        trials.append(d.task(f"Trial load {number}", 10, f"{trials[-1]} FS+10d", "DEV*2; TES*1", discipline="IT"))
    d.phase("Acceptance")
    end_to_end = d.task("End-to-end test", 25, f"{'; '.join(built)}; {trials[0]}", "TES*4; ANA*1", discipline="IT")
    performance = d.task("Performance and penetration test", 15, f"{end_to_end} SS+10d", "TES*2", discipline="IT")
    uat = d.task("User acceptance test", 25, f"{end_to_end}; {trials[1]}", "ANA*3; TES*2", discipline="IT")
    parallel = d.task("Parallel bill run", 20, f"{uat} FS-5d; {trials[2]}", "ANA*2", discipline="IT")
    train = d.task("Train contact centre, six cohorts", 30, f"{uat} SS+10d", "ANA*2", discipline="IT")
    d.phase("Go-live")
    decide = d.milestone("Go-live decision", f"{parallel}; {performance}; {train}; {uat}", discipline="IT")
    cutover = d.task("Cutover weekend", 3, decide, "DEV*4; TES*2", on="3", discipline="IT")
    live = d.milestone("Platform live", cutover, discipline="IT", deadline=datetime(2027, 2, 26, 17))
    care = d.task("Early life support", 30, live, "DEV*2; ANA*2", discipline="IT")
    retire = d.task("Retire the old platform", 20, f"{care} FS-10d", "DEV*1", discipline="IT")
    d.milestone("Project complete", f"{care}; {retire}", discipline="MGT")
    return d


def meters() -> Draft:
    d = _draft("METERS", "Smart Meter Rollout 2", "SMR", "other", "2026-03-02", "Ruth Adeyemi")
    d.phase("Roll-out")
    frame = d.task("Framework call-off and mobilisation", 25, discipline="PRO")
    depot_ready = d.task("Fit out installer hubs", 15, frame, discipline="CIV")
    radio = d.task("Install radio masts, phase A", 30, frame, discipline="ICA")
    d.task("Install radio masts, phase B", 35, radio, discipline="ICA")
    previous = depot_ready
    districts = [
        "Aldermoor North",
        "Aldermoor South",
        "Bitterne",
        "Chandler's Ford",
        "Fareham West",
        "Hythe",
        "Lymington",
        "New Milton",
        "Romsey",
        "Totton",
        "Waterside",
        "Winchester East",
    ]
    for number, district in enumerate(districts):
        notice = d.task(f"Customer notices: {district}", 10, previous if number < 2 else f"{previous} FS-5d", discipline="CUS")
        previous = d.task(f"Install meters: {district}", 22, notice, discipline="MEC")
    d.task("Validate reads and hand to billing", 20, previous, discipline="IT")
    d.milestone("Roll-out complete", list(d.works)[-1])
    return d


def leakage() -> Draft:
    d = _draft("LEAKAGE", "Leakage Sensor Network", "LSN", "other", "2026-04-13", "Owen Pryce")
    d.phase("Network")
    pilot = d.task("Pilot zone review", 10, discipline="MGT")
    order = d.task("Order acoustic loggers", 45, pilot, discipline="PRO")
    platform = d.task("Configure analytics platform", 40, pilot, discipline="IT")
    previous = order
    for zone in (
        "Zone 1 Harbour",
        "Zone 2 Old Town",
        "Zone 3 Common",
        "Zone 4 Portswood",
        "Zone 5 Shirley",
        "Zone 6 Millbrook",
        "Zone 7 Thornhill",
        "Zone 8 Woolston",
    ):
        survey = d.task(f"Survey chambers: {zone}", 8, pilot if previous == order else f"{previous} SS", discipline="CIV")
        previous = d.task(f"Deploy loggers: {zone}", 12, f"{survey}; {previous}", discipline="ICA")
    tune = d.task("Tune alarms and train control room", 20, f"{previous}; {platform}", discipline="COM")
    d.milestone("Sensor network in service", tune)
    return d


PROJECTS = {make.__name__.upper(): make for make in (northgate, fenwick, saltmarsh, kestrel, harrow, control, depot, billing, meters, leakage)}
