"""Lines of the owner's that speak of what goes."""

from apigen.amend.owners_code import CodeFile, CodePlace, names_of_classes, owners_places

BASE = "class Order:\n    total = 1\n"


def test_a_class_is_spoken_of_in_every_spelling_and_its_longer_neighbour_is_not() -> None:
    is_meant = names_of_classes(["Order", "OrderLine"], ["OrderNote", "Customer"])

    spoken = ["Order", "orders", "order_id", "CreateOrder", "OrderRepository", "order_lines"]
    silent = ["OrderNote", "order_notes", "OrderNoteId", "border", "customer", "Customer"]
    assert [name for name in (*spoken, *silent) if is_meant(name)] == spoken


def test_only_lines_that_the_owner_wrote_are_told() -> None:
    files = [
        CodeFile(path="a.py", text=BASE, base=BASE),
        CodeFile(
            path="b.py",
            text=f"{BASE}    def twice(self):\n        return self.total * 2\n",
            base=BASE,
        ),
        CodeFile(path="mine.py", text="# total\nx = 'total'\nprint(order.total)\n", base=None),
    ]

    places = owners_places(files, frozenset({"total"}).__contains__)

    assert places == (
        CodePlace(path="b.py", line=4, text="return self.total * 2"),
        CodePlace(path="mine.py", line=3, text="print(order.total)"),
    )


def test_a_file_that_is_no_python_is_read_word_by_word() -> None:
    files = [CodeFile(path="a.py", text="if (:\n  total\n", base=None)]

    places = owners_places(files, frozenset({"total"}).__contains__)

    assert places == (CodePlace(path="a.py", line=2, text="total"),)
