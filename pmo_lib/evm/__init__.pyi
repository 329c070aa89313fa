from pmo_lib.evm.formulas import indices, undefined
from pmo_lib.evm.measured import metrics
from pmo_lib.evm.periods import series

__all__ = ["indices", "metrics", "series", "undefined"]
