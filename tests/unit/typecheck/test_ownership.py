"""Which lines are the owner's."""

from apigen.typecheck.ownership import own_lines, statement_lines

RENDERED = "import os\n\n\nclass Task:\n    title: str\n    done: bool\n"


def test_lines_that_are_not_rendered_are_the_owners() -> None:
    text = "import os\nimport sys\n\n\nclass Task:\n    title: str\n    done: int\n"

    assert own_lines(text, RENDERED) == {2, 7}


def test_a_file_that_is_not_rendered_is_the_owners() -> None:
    assert own_lines("a = 1\nb = 2\n", None) == {1, 2}


def test_trailing_blanks_make_no_line_the_owners() -> None:
    assert own_lines(RENDERED.replace("str\n", "str  \n"), RENDERED) == frozenset()


def test_a_line_of_a_call_is_part_of_its_statement() -> None:
    text = "def f():\n    g(\n        1,\n        2,\n    )\n    return 3\n"

    assert statement_lines(text, 2) == range(2, 6)
    assert statement_lines(text, 6) == range(6, 7)


def test_of_a_block_only_the_head_is_its_statement() -> None:
    text = "def f(\n    a: int,\n) -> int:\n    b = a\n    return b\n"

    assert statement_lines(text, 1) == range(1, 4)
    assert statement_lines(text, 4) == range(4, 5)


def test_a_line_of_code_that_does_not_parse_stands_alone() -> None:
    assert statement_lines("def (\n", 1) == range(1, 2)
