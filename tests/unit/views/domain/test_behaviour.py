"""What lifecycles, commands, events and reactions look like in the domain and the application."""

from pathlib import Path

import pytest

from apigen.evolve.migration import revisions
from apigen.plan import persistence
from apigen.plan.persistence import revision_files
from apigen.render.renderer import render
from apigen.views.migrations.schema import schema
from tests.unit.views.domain.specs import rendered, system_of
from tests.unit.views.domain.test_domain_layer import class_source

SHOP = """
types:
  Money:
    fields: { amount: decimal precision=12 scale=2, currency: currency = EUR }
    measure: { value: amount, unit: currency }
entities:
  Product:
    fields:
      price: Money
      stock: int(0..) = 0
    commands:
      reserve:
        doc: Put some aside.
        input: { quantity: int(1..), order_id: id(Order) }
        when: { out_of_stock: stock >= input.quantity }
        set: { stock: stock - input.quantity }
        idempotent: input.order_id
        lock: true
        api: false
  Order:
    fields:
      customer: ref(Customer) immutable
      placed_at: datetime? readonly
      discount: int(0..) readonly = 0
      is_kept: bool readonly = false
      total: { type: Money, computed: sum(l.price for l in lines), stored: true }
    children:
      lines:
        nested: none
        fields: { product: ref(Product), price: Money }
    lifecycle: { states: [draft, placed, paid], final: [paid], history: true }
    commands:
      add_line:
        input: { product: ref(Product) }
        append: { lines: { product: input.product, price: input.product.price } }
      drop_line: { input: { line_id: id(OrderLine) }, remove: { lines: id == input.line_id } }
      keep: { when: { not_kept: not is_kept }, set: { is_kept: "True" } }
      place:
        moves: draft -> placed
        when:
          empty_order: len(lines) > 0
          closed_account: customer.is_open
        set: { placed_at: now, discount: old.discount + 1 }
        emits: OrderPlaced
      pay: { moves: draft|placed -> paid, timeout: 5s, retry: { attempts: 5 } }
    events:
      OrderPlaced:
        pick: [total, placed_at]
        deprecated: { reason: Listen to OrderPaid., sunset: 2030-01-31 }
        version: 2
        upcast: { 1: { placed_at: event.occurred_at } }
  Customer:
    fields:
      is_open: bool = true
      email: email unique pii=contact
      phone: phone? pii=contact
    commands:
      forget: { erases: pii }
      open: { creates: true, input: { email: email }, handler: custom }
reactions:
  welcome:
    event: OrderPlaced
    run: greet
    with: { total: event.total }
    when: event.total.amount > 10
    delay: 5m
commands:
  greet: { input: { total: Money }, handler: custom, api: false }
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The modules of domain and application."""
    return rendered(tmp_path_factory.mktemp("shop"), SHOP)


def method(module: str, owner: str, name: str) -> str:
    """Return the source of one method, unparsed."""
    _, _, found = class_source(module, owner).partition(f"    def {name}(")
    return f"def {name}({found}".partition("\n\n    def ")[0].partition("\n\n    @")[0]


def test_a_command_asks_for_state_and_guards_before_it_changes_anything(
    shop: dict[str, str],
) -> None:
    place = method(shop["domain/shop/aggregates.py"], "Order", "place")

    steps = [
        "def place(self, *, now: dt.datetime, customer: 'Customer') -> None:",
        "self.require_state('place', self.status, (OrderStatus.DRAFT,))",
        "if len(self.lines) == 0:",
        "raise GuardViolation('empty_order', 'Empty order.')",
        "if not customer.is_open:",
        "old_discount = self.discount",
        "self.placed_at = now",
        "self.discount = old_discount + 1",
        "self.status = OrderStatus.PLACED",
        "self.record(OrderPlacedEvent(payload=OrderPlaced(",
    ]
    places = [place.index(step) for step in steps]
    assert places == sorted(places)


def test_a_docstring_says_what_a_command_refuses(shop: dict[str, str]) -> None:
    module = shop["domain/shop/aggregates.py"]

    assert "InvalidStateError: It is not draft or placed." in method(module, "Order", "pay")
    assert "GuardViolation: `empty_order`, `closed_account`." in method(module, "Order", "place")
    assert '"""Put some aside.' in method(module, "Product", "reserve")


def test_changes_read_like_a_person_wrote_them(shop: dict[str, str]) -> None:
    reserve = method(shop["domain/shop/aggregates.py"], "Product", "reserve")

    assert "def reserve(self, *, quantity: int) -> None:" in reserve
    assert "if self.stock < quantity:" in reserve
    assert reserve.rstrip().endswith("self.stock -= quantity")
    keep = method(shop["domain/shop/aggregates.py"], "Order", "keep")
    assert "if self.is_kept:" in keep


def test_children_are_added_and_removed(shop: dict[str, str]) -> None:
    module = shop["domain/shop/aggregates.py"]

    added = method(module, "Order", "add_line")
    assert "self, *, product: Product" in added
    assert "self.lines.append(OrderLine(product_id=product.id, price=product.price))" in added
    removed = method(module, "Order", "drop_line")
    kept = "[order_line for order_line in self.lines if order_line.id != line_id]"
    assert f"self.lines = {kept}" in removed


def test_personal_data_is_overwritten(shop: dict[str, str]) -> None:
    forget = method(shop["domain/shop/aggregates.py"], "Customer", "forget")

    assert "self.email = Email(f'erased-{self.id}@erased.invalid')" in forget
    assert "self.phone = None" in forget


def test_an_event_knows_how_older_versions_are_read(shop: dict[str, str]) -> None:
    module = shop["domain/shop/events.py"]

    assert "schema_version = 2" in class_source(module, "OrderPlacedEvent")
    upcaster = class_source(module, "_order_placed_from_1")
    assert "return {'placed_at': event.occurred_at}" in upcaster


def test_an_event_says_that_it_is_deprecated(shop: dict[str, str]) -> None:
    module = class_source(shop["domain/shop/events.py"], "OrderPlacedEvent")

    assert "Deprecated: Listen to OrderPaid. Gone from 2030-01-31 on." in module


def test_one_table_says_who_carries_out_what(shop: dict[str, str]) -> None:
    module = shop["application/shop/command_handlers.py"]

    table = class_source(module, "register_shop_commands")
    assert table.count("bus.register(") == 9
    assert (
        "bus.register(ReserveProduct, AggregateHandler(products, operation='reserve', "
        "id=lambda command: command.id, act=_reserve_product, lock=True, "
        "once=lambda command: command.order_id))"
    ) in table
    assert "Policy(timeout_s=5, retry=RetryPolicy(attempts=5))" in table
    assert "CustomHandler(resource='customer', operation='open'" in table


def test_what_a_rule_follows_is_loaded_first(shop: dict[str, str]) -> None:
    module = shop["application/shop/command_handlers.py"]

    place = class_source(module, "register_shop_commands")
    assert place
    assert 'customer = await required(work.customers, order.customer_id, "customer")' in module
    assert "order.place(now=context.now, customer=customer)" in module


def test_a_reaction_makes_a_command_of_an_event(shop: dict[str, str]) -> None:
    module = shop["application/shop/reactions.py"]

    greeting = class_source(module, "_welcome")
    assert "if event.payload.total.amount <= Decimal(10):" in greeting
    assert "return Greet(total=event.payload.total, delivery=delivery)" in greeting
    subscription = class_source(module, "subscribe_shop_reactions")
    assert "delay=timedelta(seconds=300)" in subscription


def test_what_is_left_to_people_is_a_stub_of_its_own_file(shop: dict[str, str]) -> None:
    stub = shop["application/shop/custom/open_customer.py"]

    assert "Customer.open(email=…)" in stub
    assert 'raise NotImplementedError("open_customer is not written yet")' in stub


def test_tables_of_events_messages_and_moves_are_in_the_schema(tmp_path: Path) -> None:
    tables = {table.name: table for table in schema(system_of(tmp_path, SHOP)).tables}

    assert "outbox_events" in tables
    assert "processed_messages" in tables
    assert tables["orders_history"].foreign_keys[0].target == tables["orders"].id


def test_a_stored_value_is_written_with_its_row_and_filled_where_rows_are(tmp_path: Path) -> None:
    system = system_of(tmp_path, SHOP)
    planned = tuple(persistence.context_files(system, system.contexts[0]))
    files = render(planned, package="shop", spec_folder=tmp_path).files

    repositories = next(file.text for file in files if file.path.endswith("/repositories.py"))
    assert "total_amount=entity.total.amount" in repositories
    orders = next(table for table in schema(system).tables if table.name == "orders")
    amount = next(column for column in orders.columns if column.name == "total_amount")
    assert amount.fill is not None
    assert 'sa.table("order_lines"' in amount.fill.expression.replace("'", '"')


def test_the_first_event_of_a_project_makes_the_tables_it_needs(tmp_path: Path) -> None:
    spec = """
entities:
  Task:
    fields: { title: str }
    commands: { finish: { set: { title: "'done'" }%s } }
    events: { TaskFinished: [title] }
"""
    before = system_of(tmp_path, spec.split("    commands:")[0])
    after = system_of(tmp_path, spec % ", emits: TaskFinished")

    made = revisions(
        schema(before),
        schema(after),
        heads=("0123456789ab",),
        spans={"": after.entities["shop.Task"].span},
    )

    assert made.value is not None
    (revision,) = made.value
    files = render(revision_files((revision,), after), package="shop", spec_folder=tmp_path).files
    assert 'op.create_table(\n        "outbox_events",' in files[0].text
    assert "processed_messages" not in files[0].text


def test_overlaps_are_refused_by_the_table_and_looked_for_by_the_repository(tmp_path: Path) -> None:
    system = system_of(
        tmp_path,
        """
entities:
  Room: { fields: { name: str } }
  Booking:
    fields: { room: ref(Room), begins: datetime, ends: datetime }
    exclude: { taken: { equal: [room], overlap: [begins, ends] } }
""",
    )
    planned = tuple(persistence.context_files(system, system.contexts[0]))
    files = render(planned, package="shop", spec_folder=tmp_path).files

    texts = {file.path.rpartition("/")[2]: file.text for file in files}
    assert "    stored_check = Exclusions()\n" in texts["repositories.py"]
    constraint = """\
        no_overlap(
            "taken",
            name="ex_bookings_taken",
            equal=("room_id",),
            overlap=("begins", "ends"),
            kind="tstzrange",
        ),
"""
    assert constraint in texts["rows.py"]


def test_who_creates_it_is_taken_from_the_context(tmp_path: Path) -> None:
    files = rendered(
        tmp_path,
        """
security:
  auth: [jwt]
  jwt: { issuer: env:ISSUER, audience: shop, jwks_url: env:JWKS_URL }
  default_access: authenticated
entities:
  Note: { fields: { author: str(1..64) immutable hidden = actor.id, body: text } }
""",
    )

    maker = class_source(files["application/shop/mappers.py"], "note_from_create")
    assert "author=current_context().actor.id" in maker
    assert "author" not in class_source(files["application/shop/dtos.py"], "NoteCreate")
    assert "    author: str\n" in files["domain/shop/aggregates.py"]


def test_a_context_may_have_commands_and_no_entity(tmp_path: Path) -> None:
    spec = """
contexts:
  sales:
    entities:
      Order:
        fields: { number: str }
        commands: { place: { emits: OrderPlaced } }
        events: { OrderPlaced: { pick: [number], public: true } }
  post:
    uses: [sales]
    commands:
      send: { input: { number: str }, handler: custom }
      say: { input: { number: str }, handler: custom, emits: Said }
    events: { Said: { fields: { words: str } } }
    reactions:
      confirm: { event: sales.Order.OrderPlaced, run: send, with: { number: event.number } }
  echo:
    uses: [sales]
    reactions:
      again: { event: sales.Order.OrderPlaced, run: sales.Order.place, target: event.aggregate_id }
"""

    made = rendered(tmp_path, spec)

    assert "class PostUnitOfWork(UnitOfWork, Protocol):" in made["domain/post/repositories.py"]
    assert "async def publish(" in made["domain/post/repositories.py"]
    assert "Post declares commands, and no entity." in made["domain/post/aggregates.py"]
    assert "handle=send.handle" in made["application/post/command_handlers.py"]
    assert "def send_from_input(" in made["application/post/mappers.py"]
    stub = made["application/post/custom/send.py"]
    assert "`work` is a transaction without anything of its own to store." in stub
    assert "Echo declares reactions, and no entity." in made["domain/echo/aggregates.py"]
    assert "application/echo/handlers.py" not in made
    assert "def subscribe_echo_reactions(" in made["application/echo/reactions.py"]
