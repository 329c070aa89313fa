"""What is proved: one module an area, each with `TITLE`, `OPTIONS` (its flags with their defaults) and `prove(**options)`, which gives the page's body."""

AREAS: dict[str, str] = {
    "readers": "benchmarks.proofs.readers",
    "agreement": "benchmarks.proofs.agreement",
    "microsoft": "benchmarks.proofs.microsoft",
    "changes": "benchmarks.proofs.changes",
    "contract": "benchmarks.proofs.contract",
    "flow": "benchmarks.proofs.flow",
    "flow_speed": "benchmarks.proofs.flow_speed",
    "flow_page": "benchmarks.proofs.flow_page",
    "export": "benchmarks.proofs.export",
    "scale": "benchmarks.proofs.scale",
    "mpxj_scheduler": "benchmarks.proofs.mpxj_scheduler",
    "networks": "benchmarks.proofs.networks",
    "schedule_speed": "benchmarks.proofs.schedule_speed",
    "intervals": "benchmarks.proofs.intervals",
    "speed": "benchmarks.proofs.speed",
}
