"""The authored portfolio of Aldermoor Water, an invented utility: what its projects are, how they really went, and what their tools said."""
