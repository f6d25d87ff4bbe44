"""AG705: something asked of an encrypted field that no ciphertext can answer."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG705",
    title="something asked of an encrypted field that no ciphertext can answer",
    why=(
        "Ciphertexts have no order, no letters to look for, and equal values have different ones."
        " A blind index, a digest beside the ciphertext, finds equal values and keeps them unique;"
        " everything else has to be read first."
    ),
    wrong="""\
apigen: 1
app: clinic
entities:
  Patient:
    fields:
      national_id: str(5..20) encrypted unique
""",
    right="""\
apigen: 1
app: clinic
entities:
  Patient:
    fields:
      national_id: { type: str(5..20), encrypted: { blind_index: true }, unique: true }
""",
)
