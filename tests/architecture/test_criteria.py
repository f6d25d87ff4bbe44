"""Every acceptance criterion that is due is proven by a test that carries its id."""

import ast
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]

DUE = {
    "R1": (1, 2, 3, 4, 5),
    "R2": (1, 2, 3, 4),
    "R3": (1, 2, 3, 4),
    "R4": (1, 2, 3, 4),
    "R5": (1, 2, 3, 4),
    "R6": (1, 2, 3, 4),
    "R7": (1, 2, 3),
    "R8": (1, 2, 3, 4),
    "R9": (1, 2, 3, 4),
    "R10": (1, 2, 3, 4),
    "R11": (1, 2, 3, 4),
    "R12": (1, 2, 3, 4),
    "R13": (1, 2, 4),
    "R15": (1, 2, 3),
    "R16": (4,),
    "R19": (1, 2, 3, 4, 5),
    "R20": (1, 2, 3, 4),
    "R21": (1, 2, 3, 4),
    "R24": (1, 2, 4),
    "R25": (1, 2),
    "R26": (1, 2, 3, 4),
    "R27": (1, 2, 3, 4),
    "R28": (1, 2, 3, 4),
    "R29": (1, 2, 3, 4),
    "R30": (1, 2, 3, 4),
    "R31": (1, 2, 3, 4),
    "R32": (1, 2, 3, 4),
    "R35": (1, 2, 3, 4),
    "R38": (1, 3, 4),
    "R39": (1, 4, 5),
    "R40": (1, 2, 3, 4),
    "R44": (1, 2, 3, 4),
    "R46": (1, 2, 3, 4),
    "R49": (1, 2, 3, 4),
    "R50": (1, 2, 3, 4),
    "R55": (1, 2, 3, 4),
    "R59": (1, 2, 3, 4),
    "R62": (1, 2, 3, 4),
    "R66": (1, 2, 3, 4),
    "R67": (2, 3, 4),
    "R68": (1, 2, 3, 4),
    "R69": (1, 3, 4),
    "R70": (1, 3, 4),
    "R72": (1, 2, 3, 4),
    "R77": (1, 2, 3, 4),
    "R79": (1, 2, 3, 4),
    "R80": (1, 2, 3, 4),
    "R81": (1, 2, 3, 4),
    "R84": (1, 2, 3, 4),
    "R89": (1, 2, 3, 4),
    "R90": (1, 2, 3, 4),
    "R94": (1,),
    "R98": (4,),
    "R99": (4,),
    "R101": (1,),
    "R102": (4,),
    "R103": (1, 2, 3, 4),
    "R104": (1,),
    "R105": (1, 2, 3, 4),
    "R106": (1, 2, 3, 4),
    "R107": (1, 2, 3, 4),
    "R108": (1, 2, 3, 4),
    "R109": (1, 2, 3, 4),
    "R110": (1, 2, 3, 4),
    "R127": (1, 2, 3, 4),
    "R130": (1, 2, 3, 4),
}
"""Requirement to the numbers of its criteria that the language and runtime of today answer."""


def carried(folder: Path) -> frozenset[str]:
    """Return the ids that tests below a folder carry as `@pytest.mark.criterion(...)`."""
    return frozenset(
        str(argument.value)
        for path in folder.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "criterion"
        for argument in node.args
        if isinstance(argument, ast.Constant)
    )


def test_every_due_criterion_is_carried_by_a_test() -> None:
    due = {f"{requirement}.{number}" for requirement, numbers in DUE.items() for number in numbers}

    assert sorted(due - carried(TESTS)) == []
