"""AG701: a role that nobody declared."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG701",
    title="a role that nobody declared",
    why=(
        "Access is only ever given, to roles that `security.roles` declares and to "
        "`public`, `authenticated` and `nobody`. A misspelt role would be held by "
        "nobody, and its holders would wonder."
    ),
    wrong="""\
apigen: 1
app: shop
security: { auth: [jwt], roles: { staff: } }
entities:
  Product:
    fields:
      name: str(1..80)
    access: { read: public, all: stuff }
""",
    right="""\
apigen: 1
app: shop
security: { auth: [jwt], roles: { staff: } }
entities:
  Product:
    fields:
      name: str(1..80)
    access: { read: public, all: staff }
""",
)
