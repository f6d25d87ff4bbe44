"""`dataclass` for values: as the standard one, but a method is made when it is called first.

Making the methods of a frozen dataclass means compiling seven functions, and a run loads four
hundred classes: that was a sixth of its time, though most are never compared or shown, and many
not even made. Here the fields are worked out at once, by the standard decorator; `__init__`,
`__eq__`, `__hash__` and `__repr__` are taken from it too, when somebody asks for them.

A class that is not frozen, or is ordered, is left to the standard decorator.
"""

import dataclasses
from types import SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # what type checkers go by
else:

    def dataclass(cls=None, /, **options):
        """Do what `dataclasses.dataclass` does, later."""
        if cls is None:
            return lambda cls: dataclass(cls, **options)
        if not options.pop("frozen", False):
            return dataclasses.dataclass(**options)(cls)
        if options.get("order"):
            return dataclasses.dataclass(frozen=True, **options)(cls)
        own = frozenset(vars(cls))
        compared = options.pop("eq", True)
        made = dataclasses.dataclass(init=False, repr=False, eq=False, **options)(cls)
        late = {"__init__": _with_init, "__repr__": _with_comparison}
        if compared:
            late |= {"__eq__": _with_comparison, "__hash__": _with_comparison}
        for name, standard in late.items():
            if name not in own:
                setattr(made, name, _late(made, name, standard))
        made.__setattr__ = _refuse_to_set
        made.__delattr__ = _refuse_to_delete
        return made

    def _late(cls, name, made):
        def first(self, *args, **kwargs):
            method = vars(made(cls))[name]
            setattr(cls, name, method)
            return method(self, *args, **kwargs)

        return first

    def _with_init(cls):
        """Make the one method that every class in use needs, unless its fields are unusual."""
        fields = dataclasses.fields(cls)
        if hasattr(cls, "__post_init__") or not all(map(_is_plain, fields)) or _has_others(cls):
            return _standard(cls, repr=False, eq=False)
        known = {"_put_value": object.__setattr__}
        parameters, keywords = ["self"], []
        for one in fields:
            known[f"_default_{one.name}"] = one.default
            value = "" if one.default is dataclasses.MISSING else f"=_default_{one.name}"
            (keywords if one.kw_only else parameters).append(f"{one.name}{value}")
        if keywords:
            parameters += ["*", *keywords]
        body = "; ".join(f"_put_value(self, {one.name!r}, {one.name})" for one in fields) or "pass"
        # The standard decorator does the same; names of fields are all that goes in.
        exec(f"def __init__({', '.join(parameters)}): {body}", known)  # noqa: S102
        known["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
        return SimpleNamespace(__init__=known["__init__"])

    def _is_plain(field):
        return field.init and field.default_factory is dataclasses.MISSING

    def _has_others(cls):
        """Whether there are annotations that are no fields: InitVar, ClassVar."""
        return len(dataclasses.fields(cls)) < len(vars(cls)["__dataclass_fields__"])

    def _with_comparison(cls):
        return _standard(cls, init=False)

    def _standard(cls, **options):
        """Make a standard dataclass with the fields of `cls`, whose methods fit `cls`."""
        fields = [(one.name, one.type, one) for one in vars(cls)["__dataclass_fields__"].values()]
        after = {"__post_init__": cls.__post_init__} if hasattr(cls, "__post_init__") else {}
        return dataclasses.make_dataclass(
            cls.__name__, fields, namespace=after, frozen=True, **options
        )

    def _refuse_to_set(self, name, value):
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def _refuse_to_delete(self, name):
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
