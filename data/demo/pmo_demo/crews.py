"""Aldermoor Water's pool of people, machines and materials, with 2026 rates."""

from __future__ import annotations

from pmo_demo.drafts import Resource

POOL = {
    code: Resource(str(key), code, name, kind, rate, units)
    for key, (code, name, kind, rate, units) in enumerate(
        [
            ("PM", "Project manager", "labour", 72.0, 6.0),
            ("DES", "Civil design engineer", "labour", 58.0, 14.0),
            ("MEI", "MEICA design engineer", "labour", 61.0, 10.0),
            ("ENV", "Environment and consents adviser", "labour", 52.0, 4.0),
            ("BUY", "Procurement lead", "labour", 49.0, 5.0),
            ("SUP", "Site supervisor", "labour", 48.0, 12.0),
            ("CIV", "Civils operative", "labour", 34.0, 80.0),
            ("PIP", "Pipelayer", "labour", 36.0, 32.0),
            ("LIN", "Lining applicator", "labour", 41.0, 12.0),
            ("DIV", "Marine and diving crew", "labour", 66.0, 10.0),
            ("MEC", "Mechanical fitter", "labour", 42.0, 24.0),
            ("ELE", "Electrician", "labour", 44.0, 24.0),
            ("ICA", "ICA technician", "labour", 47.0, 12.0),
            ("COM", "Commissioning engineer", "labour", 56.0, 8.0),
            ("DEV", "Software developer", "labour", 64.0, 16.0),
            ("TES", "Test analyst", "labour", 46.0, 8.0),
            ("ANA", "Business analyst", "labour", 55.0, 8.0),
            ("EXC", "Excavator, 13 t", "equipment", 38.0, 10.0),
            ("CRA", "Mobile crane, 60 t", "equipment", 95.0, 3.0),
            ("BAR", "Jack-up barge", "equipment", 420.0, 1.0),
            ("CON", "Ready-mixed concrete C32/40 (m3)", "material", 142.0, None),
            ("PIPE", "Ductile iron pipe DN600 (m)", "material", 310.0, None),
            ("PLT", "Process plant and equipment (lots of 1,000)", "material", 1000.0, None),
            ("KIT", "Electrical equipment (lots of 1,000)", "material", 1000.0, None),
        ],
        start=1,
    )
}
