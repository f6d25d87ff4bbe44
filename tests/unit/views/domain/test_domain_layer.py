"""What the domain and application layers of a spec look like."""

import ast
import textwrap
from pathlib import Path

import pytest

from tests.unit.views.domain.specs import rendered

ORDERS = """
types:
  Money:
    fields: { amount: decimal precision=12 scale=2, currency: currency = EUR }
    measure: { value: amount, unit: currency }
entities:
  Order:
    fields:
      note: str(500)?
      status: enum(draft|paid) = draft
      total: "Money := sum(line.price for line in lines)"
    children:
      lines:
        min: 1
        nested: write
        fields: { quantity: int(1..999), price: Money }
    invariants:
      noted: { rule: "note is None or len(note) > 2", message: Say more. }
    api: { operations: { replace: true } }
"""


def class_source(module: str, name: str) -> str:
    """Return the source of one class or function of a module."""
    for node in ast.parse(module).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            return ast.unparse(node)
    raise AssertionError(f"no {name}")


def test_every_context_has_the_six_modules_of_its_domain(tmp_path: Path) -> None:
    files = rendered(tmp_path, "entities: { Task: { fields: { title: str } } }")

    modules = {path for path in files if path.startswith("domain/shop/")}
    assert modules == {
        f"domain/shop/{name}.py"
        for name in (
            "__init__",
            "aggregates",
            "entities",
            "events",
            "repositories",
            "services",
            "value_objects",
        )
    }


def test_an_aggregate_says_what_it_holds_and_allows(tmp_path: Path) -> None:
    module = rendered(tmp_path, ORDERS)["domain/shop/aggregates.py"]

    assert class_source(module, "Order") == textwrap.dedent(
        '''\
        @dataclass(kw_only=True, eq=False)
        class Order(AggregateRoot[OrderId]):
            """An order."""
            id: OrderId = field(default_factory=lambda: OrderId(uuid7()))
            note: str | None = None
            status: OrderStatus = OrderStatus.DRAFT
            lines: list[OrderLine] = field(default_factory=list)

            @property
            def total(self) -> Money:
                """Total, worked out."""
                return sum_of((line.price for line in self.lines), Money(amount=Decimal(0)))

            def check_invariants(self) -> None:
                """Refuse what the specification does not allow."""
                check_string('note', self.note, maximum=500)
                check_children('lines', self.lines, minimum=1)
                check_computed('total', lambda: self.total)
                check_invariant(RULE, code='noted', message='Say more.')'''
    ).replace("RULE", "self.note is None or len(self.note) > 2")


def test_ports_are_protocols_over_the_aggregate(tmp_path: Path) -> None:
    module = rendered(tmp_path, ORDERS)["domain/shop/repositories.py"]

    assert "class OrderRepository(AsyncRepository[Order, OrderId], Protocol):" in module
    assert "class ShopUnitOfWork(UnitOfWork, Protocol):" in module
    assert "def orders(self) -> OrderRepository:" in module


@pytest.mark.parametrize(
    ("id", "attribute", "base"),
    [
        ("uuid7", "field(default_factory=lambda: TaskId(uuid7()))", "AggregateRoot"),
        ("uuid4", "field(default_factory=lambda: TaskId(uuid4()))", "AggregateRoot"),
        ("ulid", None, "UlidEntity"),
        (
            "ulid prefix=tsk",
            "field(default_factory=lambda: TaskId(prefixed('tsk', new_ulid())))",
            "AggregateRoot",
        ),
        ("int", "field(default=TaskId(UNASSIGNED_ID))", "AggregateRoot"),
        ("str", "", "AggregateRoot"),
    ],
)
def test_each_key_strategy_makes_its_ids(
    tmp_path: Path, id: str, attribute: str | None, base: str
) -> None:
    spec = f"entities: {{ Task: {{ id: {id}, fields: {{ title: str }} }} }}"

    source = class_source(rendered(tmp_path, spec)["domain/shop/aggregates.py"], "Task")

    assert f"class Task({base}[TaskId]):" in source
    wanted = None if attribute is None else f"    id: TaskId{attribute and f' = {attribute}'}\n"
    assert ("    id: " not in source) if wanted is None else (wanted in source)


def test_keys_made_of_fields_are_set_when_the_aggregate_is_made(tmp_path: Path) -> None:
    spec = """
entities:
  Tag: { id: natural(slug), fields: { slug: slug immutable } }
  Use: { id: composite(tag|year), fields: { tag: ref(Tag) immutable, year: int immutable } }
"""

    files = rendered(tmp_path, spec)

    module = files["domain/shop/aggregates.py"]
    assert "self.id = TagId(self.slug)" in class_source(module, "Tag")
    assert "self.id = UseId(self.tag_id, self.year)" in class_source(module, "Use")
    assert "super().__post_init__()" in class_source(module, "Use")
    values = files["domain/shop/value_objects.py"]
    assert 'TagId = NewType("TagId", Slug)' in values
    assert "class UseId(NamedTuple):" in values
    assert "in_path=True" in class_source(files["application/shop/dtos.py"], "TagCreate")


@pytest.mark.criterion("R106.1", "R106.3")
def test_a_value_object_is_frozen_and_checks_itself(tmp_path: Path) -> None:
    source = class_source(rendered(tmp_path, ORDERS)["domain/shop/value_objects.py"], "Money")

    assert source.startswith("@dataclass(frozen=True, slots=True, kw_only=True)")
    assert "class Money(Measure[Decimal, Currency]):" in source
    assert "check_digits('amount', self.amount, precision=12, scale=2)" in source
    assert "return replace(self, amount=round_half_up(number, 2))" in source


def test_payloads_carry_the_constraints(tmp_path: Path) -> None:
    module = rendered(tmp_path, ORDERS)["application/shop/dtos.py"]

    create = class_source(module, "OrderCreate")
    assert "note: Annotated[str, Text(maximum=500)] | None = None" in create
    assert "status: OrderStatus = OrderStatus.DRAFT" in create
    assert "lines: Annotated[list[OrderLineCreate], Items(minimum=1)]" in create
    assert "total" not in create
    update = class_source(module, "OrderUpdate")
    assert "status: OrderStatus = Field(default_factory=unset)" in update
    assert "lines: Annotated[list[OrderLineUpdate], Items(minimum=1)] = Field" in update
    assert "class OrderReplace(Replacement):" in module
    line = class_source(module, "OrderLineUpdate")
    assert "id: OrderLineId | None = None" in line
    read = class_source(module, "OrderRead")
    assert "total: MoneyDto" in read
    assert "lines: tuple[OrderLineRead, ...]" in read


def test_wire_names_are_aliases_and_reserved_names_are_escaped(tmp_path: Path) -> None:
    spec = """
entities:
  Thing:
    fields: { class: str, model_config: str?, note: { type: str, wire: theNote, example: hi } }
"""

    create = class_source(rendered(tmp_path, spec)["application/shop/dtos.py"], "ThingCreate")

    assert "class_: Annotated[str, Text(maximum=255)] = Field(alias='class')" in create
    assert "Field(default=None, alias='model_config')" in create
    assert "Field(alias='theNote', examples=['hi'])" in create


def test_readonly_and_hidden_fields_are_no_input_and_writeonly_no_output(tmp_path: Path) -> None:
    spec = """
entities:
  Thing:
    fields: { a: int readonly = 0, b: str? hidden, c: str? writeonly, d: str immutable }
"""

    module = rendered(tmp_path, spec)["application/shop/dtos.py"]

    def fields(name: str) -> list[str]:
        (node,) = (
            n for n in ast.parse(module).body if isinstance(n, ast.ClassDef) and n.name == name
        )
        return [
            n.target.id
            for n in node.body
            if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)
        ]

    assert fields("ThingCreate") == ["c", "d"]
    assert fields("ThingUpdate") == ["c"]
    assert fields("ThingRead") == ["id", "a", "d", "created_at", "updated_at", "version"]


def test_a_resource_that_only_reads_has_no_service(tmp_path: Path) -> None:
    spec = "entities: { Log: { fields: { line: text }, api: { operations: [list, get] } } }"

    files = rendered(tmp_path, spec)

    assert "GenericService" not in files["application/shop/handlers.py"]
    assert "LogCreate" not in files["application/shop/dtos.py"]
    assert "log_reader: ResourceReader[LogId]" in files["application/shop/handlers.py"]


def test_entities_named_like_what_they_import_work(tmp_path: Path) -> None:
    spec = """
types: { Text: str(5), Annotated: enum(a|b), Money: { fields: { literal: int } } }
entities:
  Data: { fields: { text: Text, kind: Annotated, decimal: decimal } }
  Field: { fields: { data: ref(Data), value: json } }
  Decimal: { fields: { date: date, other: date? } }
"""

    files = rendered(tmp_path, spec)

    for path, module in files.items():
        compile(module, path, "exec")
    assert "import Text as Text_" in files["application/shop/dtos.py"]


def test_any_text_stays_a_string(tmp_path: Path) -> None:
    hostile = '\\"\\"\\"); import os; os.system(\'x\') #{{ x }}{% y %}\\\\'
    spec = """
entities:
  Thing:
    doc: "{text}"
    fields: {{ name: {{ type: str, doc: "{text}", example: "{text}", label: "{text}" }} }}
    invariants: {{ rule: {{ rule: "len(name) > 1", message: "{text}" }} }}
"""

    def shape(text: str) -> list[str]:
        files = rendered(tmp_path, spec.format(text=text))
        shapes: list[str] = []
        for path in sorted(files):
            tree = ast.parse(files[path])
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    node.value = ""
            shapes.append(ast.dump(tree))
        return shapes

    assert shape(hostile) == shape("harmless")


def test_an_only_child_that_is_always_there_is_changed_in_place(tmp_path: Path) -> None:
    spec = """
entities:
  Order:
    fields: { n: int }
    children:
      address: { one: true, min: 1, nested: write, fields: { city: str(1..50) } }
      gift: { one: true, nested: write, fields: { text: str(1..50) } }
"""

    module = rendered(tmp_path, spec)["application/shop/mappers.py"]

    change = class_source(module, "apply_order_update")
    assert "change_order_address(order.address, data.address)" in change
    assert "order.address =" not in change
    assert "order.gift = merge_child(" in change


@pytest.mark.criterion("R2.1")
def test_an_entity_without_a_resource_has_a_service_and_no_query(tmp_path: Path) -> None:
    files = rendered(tmp_path, "entities: { Log: { fields: { line: str(1..9) }, api: false } }")

    handlers = files["application/shop/handlers.py"]
    assert "logs: LogService" in class_source(handlers, "ShopHandlers")
    assert "Reader" not in handlers
    assert "class LogCreate(Dto):" in files["application/shop/dtos.py"]
    assert (
        "LOG_READ = GenericMapper(source=Log, target=LogRead)"
        in (files["application/shop/mappers.py"])
    )
    assert "application/shop/queries.py" not in files


def test_an_exclusive_arc_names_its_fields_as_clients_do(tmp_path: Path) -> None:
    spec = """
defaults: { naming: { wire: camel } }
entities:
  Cat: { fields: { n: int } }
  Dog: { fields: { n: int } }
  Bowl: { fields: { owner: ref(Cat|Dog) } }
"""

    module = rendered(tmp_path, spec)["domain/shop/aggregates.py"]

    assert "Must have exactly one of ownerCatId, ownerDogId." in class_source(module, "Bowl")
