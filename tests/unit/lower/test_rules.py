"""What rules are told about the fields they read."""

from apigen.ir.system import ObjectType
from apigen.lower.meanings import Meanings
from tests.unit.lower.conftest import Lower


def test_the_default_of_an_enum_is_what_the_database_stores(lowered: Lower) -> None:
    system = lowered(
        "types:\n"
        "  Money:\n"
        "    fields: { amount: decimal, unit: Unit = euro }\n"
        "    measure: { value: amount, unit: unit }\n"
        "  Unit: { enum: { euro: { value: EUR }, dollar: { value: USD } } }\n"
        "entities:\n"
        "  Order:\n"
        "    fields: { total: 'Money := sum(l.price for l in lines)' }\n"
        "    children: { lines: { fields: { price: Money } } }\n"
    )
    money = system.types["shop.Money"]
    assert isinstance(money, ObjectType)

    meanings = Meanings(system.types, {})

    assert meanings.field(money.fields[1]).default == "EUR"
