from pmo_lib.evm.formulas import indices, undefined
from pmo_lib.evm.measured import basis, metrics
from pmo_lib.evm.periods import series

__all__ = ["basis", "indices", "metrics", "series", "undefined"]
