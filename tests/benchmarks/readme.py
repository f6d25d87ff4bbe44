"""The part of a README that a benchmark writes: what stands between two marks."""

BEGIN = "<!-- measured: begin -->"
END = "<!-- measured: end -->"


def measured(readme: str) -> str:
    """Return what was written last."""
    return readme.partition(BEGIN)[2].partition(END)[0]


def with_measured(readme: str, text: str) -> str:
    """Return the README with something else between its marks.

    Raises:
        ValueError: The marks are not there.
    """
    before, _, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the README has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{text}\n{END}{after}"
