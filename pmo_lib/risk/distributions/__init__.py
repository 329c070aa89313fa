"""The range of one duration: each shape as a small frozen object, all of them `by_name`, and what values and weights in a table make of them."""
