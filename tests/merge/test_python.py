"""What merging Python says of texts it can not merge, and what it does not count as an edit."""

import subprocess
import sys

import pytest

from apigen.diagnostics.internal_error import InternalError
from apigen.merge.invariant import check_nothing_lost, lost_words
from apigen.merge.merged import Merged, Unmergeable
from apigen.merge.python import module
from apigen.merge.python.module import merge_python, merge_symbols
from apigen.merge.python.source import read

BASE = "A = 1\n\n\ndef first() -> int:\n    return A\n"
BROKEN = "A = 1\n\ndef first(:\n    return A\n"


@pytest.mark.parametrize(
    "texts",
    [
        (BROKEN, BASE + "B = 2\n", BASE),
        (BASE, BROKEN, BASE + "C = 3\n"),
        (BASE, BASE + "B = 2\n", BROKEN),
    ],
    ids=["base", "mine", "theirs"],
)
def test_a_syntax_error_is_named_with_its_line(texts: tuple[str, str, str]) -> None:
    with pytest.raises(Unmergeable, match=r"^line 3: "):
        merge_python(*texts)


def test_unclosed_brackets_and_stray_carriage_returns_are_refused() -> None:
    with pytest.raises(Unmergeable, match="line 1"):
        merge_python(BASE, "A = (1\n", BASE + "C = 3\n")
    with pytest.raises(Unmergeable, match="line 2: a carriage return"):
        merge_python(BASE, "A = 1\nB = '\r'\n", BASE + "C = 3\n")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 'a'\n", 'x = "a"\n'),
        ("x = 'it\\'s'\n", 'x = "it\'s"\n'),
        ("x = [1, 2]\n", "x = [\n    1,\n    2,\n]\n"),
        ("f(a, b)\n", "f(\n    a,\n    b,\n)\n"),
        ("x = a and b\n", "x = (\n    a\n    and b\n)\n"),
        ("x = 'ab'\n", "x = ('a'\n     'b')\n"),
        ("x = 0XFF\n", "x = 0xff\n"),
        ("from a import b, c\n", "from a import (\n    b,\n    c,\n)\n"),
        ("if (a or b):\n    pass\n", "if a or b:\n\tpass\n"),
        ("a; b\n", "a\nb\n"),
        ("x = 1 + \\\n  2\n", "x = 1 + 2\n"),
        ("def f():\n    '''A.\n\n    B.\n    '''\n", 'def f():\n  """A.\n\n  B.\n  """\n'),
    ],
)
def test_layout_is_no_edit(one: str, other: str) -> None:
    assert read(one).forms.forms == read(other).forms.forms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = (a,)\n", "x = (a)\n"),
        ("x = a[1,]\n", "x = a[1]\n"),
        ("x = (a, b)[0]\n", "x = a, b[0]\n"),
        ("x = (a + b) * c\n", "x = a + b * c\n"),
        ("x = 'a'\n", "x = b'a'\n"),
        ("x = 'a'\n", "x = a\n"),
        ("x = 1  # one\n", "x = 1\n"),
        ("if a:\n    b\n    c\n", "if a:\n    b\nc\n"),
        ("f('a', 'b')\n", "f('a' 'b')\n"),
        ("f(a=(b, c))\n", "f(a=b, c=c)\n"),
        ("x = f'{a}'\n", "x = '{a}'\n"),
    ],
)
def test_meaning_is_an_edit(one: str, other: str) -> None:
    assert read(one).forms.forms != read(other).forms.forms


def test_a_lost_word_is_found() -> None:
    mine = BASE + "\n\n# call me twice\nmine(1)\n"

    lost = lost_words(BASE, mine, BASE + "B = 2\n", BASE + "B = 2\n\n# call me\nmine(1)\n")

    assert lost == ("twice",)
    with pytest.raises(InternalError, match="'twice'"):
        check_nothing_lost(BASE, mine, BASE, Merged(text=BASE + "# call me\nmine(1)\n"))


def test_what_theirs_took_out_of_base_is_not_lost() -> None:
    assert lost_words("a = old\n", "a = old\nb = mine\n", "a = new\n", "a = new\nb = mine\n") == ()


def test_a_broken_promise_becomes_one_conflict_over_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_texts: str, restore: frozenset[str]) -> Merged:
        raise InternalError("a word is lost")

    monkeypatch.setattr(module, "merge_symbols", broken)

    merged = merge_python("a = 1\n", "a = 2\n", "a = 3")

    assert merged.text == (
        "<<<<<<< yours\na = 2\n||||||| last generated\na = 1\n=======\na = 3\n"
        ">>>>>>> newly generated\n"
    )
    assert [(each.symbol, each.line) for each in merged.conflicts] == [("", 1)]


def test_markers_in_the_owners_strings_are_no_conflicts() -> None:
    mine = BASE + 'TEXT = """\n<<<<<<< yours\n"""\n'

    merged = merge_symbols(BASE, mine, BASE.replace("A = 1", "A = 2"))

    assert merged.conflicts == ()
    assert merged.text == mine.replace("A = 1", "A = 2")


def test_wide_characters_do_not_shift_anything() -> None:
    base = 'NAMES = {"größe": "日本語", "b": 1}  # ünï\n'
    mine = base.replace("1}", "1, \"mïne\": '語'}")

    merged = merge_symbols(base, mine, base.replace('"日本語"', '"語"'))

    assert merged.text == mine.replace('"日本語"', '"語"')


def test_merging_loads_no_parser_library() -> None:
    """The parts of the standard library do, so that a run with few merges starts fast."""
    code = (
        "import sys; from apigen.merge.python.module import merge_python;"
        f"merge_python({BASE!r}, {BASE + 'B = 2'!r}, {'C = 3' + chr(10) + BASE!r});"
        "print(sorted({'libcst', 'merge3', 'ruamel', 'ruff'} & set(sys.modules)))"
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"
