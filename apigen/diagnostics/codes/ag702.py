"""AG702: an open system."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG702",
    title="an open system",
    why=(
        "Rules of access are enforced for callers who are known. Without "
        "`security.auth` nobody is, so every operation is open to everybody, whatever "
        "the rules say."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
    access: { read: public, all: authenticated }
""",
    right="""\
apigen: 1
app: shop
security: { auth: [jwt] }
entities:
  Product:
    fields:
      name: str(1..80)
    access: { read: public, all: authenticated }
""",
)
