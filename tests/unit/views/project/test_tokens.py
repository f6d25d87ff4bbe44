"""Issuers become settings where the spec says `env:`, and literals where it does not."""

from pathlib import Path

from apigen.ir.system import System
from apigen.plan import composition, project
from apigen.render.renderer import render
from tests.unit.views.specs import judged

SPEC = """
apigen: 1
app: shop
security:
  auth: [jwt]
  jwt: JWT
  roles: { staff: , admin: { inherits: [staff], scopes: ["orders:all"] } }
  actor: { department: str? }
entities:
  Order: { fields: { n: int } }
"""
ENVIRONMENT = "{ issuer: env:JWT_ISSUER, audience: shop, jwks_url: env:KEYS_URL }"
SEVERAL = """
    - { issuer: "https://a.example", jwks_url: "https://a.example/keys", algorithms: [ES256] }
    - { issuer: env:JWT_2_ISSUER, audience: env:AUDIENCE }
"""


def system_of(tmp_path: Path, jwt: str) -> System:
    return judged(tmp_path, SPEC.replace("JWT", jwt, 1))


def files_of(tmp_path: Path, jwt: str) -> dict[str, str]:
    system = system_of(tmp_path, jwt)
    planned = [*composition.files(system), *project.files(system)]
    rendering = render(planned, package="shop", spec_folder=tmp_path)
    return {file.path: file.text for file in rendering.files}


def test_a_value_of_the_environment_is_a_setting_that_has_no_default(tmp_path: Path) -> None:
    files = files_of(tmp_path, ENVIRONMENT)

    settings = files["src/shop/core/settings.py"]
    assert "    jwt_issuer: RequiredText\n" in settings
    assert '    jwt_jwks_url: KeysAddress = Field(validation_alias="KEYS_URL")\n' in settings
    assert "audience" not in settings


def test_a_developer_begins_with_keys_of_their_own(tmp_path: Path) -> None:
    files = files_of(tmp_path, ENVIRONMENT)

    assert (
        "JWT_ISSUER=http://localhost:8000\nKEYS_URL=file:.dev/jwks.json\n"
        in (files[".env.example"])
    )
    assert ".dev/\n" in files[".gitignore"]
    assert "scripts/cli/commands/token.py" in files


def test_what_an_issuer_is_trusted_for_is_in_one_module(tmp_path: Path) -> None:
    tokens = files_of(tmp_path, ENVIRONMENT)["src/shop/infrastructure/tokens.py"]

    assert '        "admin": frozenset({"staff"}),\n' in tokens
    assert '        "admin": frozenset({"orders:all"}),\n' in tokens
    assert '    claims=("department",),\n' in tokens
    assert "            issuer=settings.jwt_issuer,\n" in tokens
    assert '            audience="shop",\n' in tokens
    assert "            keys=KeyStore(settings.jwt_jwks_url),\n" in tokens
    assert '            algorithms=("RS256", "ES256"),\n' in tokens


def test_an_issuer_without_keys_signs_with_a_secret(tmp_path: Path) -> None:
    files = files_of(tmp_path, SEVERAL)

    tokens, settings = (
        files["src/shop/infrastructure/tokens.py"],
        files["src/shop/core/settings.py"],
    )
    assert '            keys=KeyStore("https://a.example/keys"),\n' in tokens
    assert "SharedSecret(settings.jwt_2_secret.get_secret_value())" in tokens
    assert "            audience=None,\n" in tokens
    assert "    jwt_2_secret: SharedSecretText\n" in settings
    assert "    jwt_2_issuer: RequiredText\n" in settings
    assert 'RequiredText = Field(validation_alias="AUDIENCE")\n' in settings


def test_without_security_nobody_is_asked(tmp_path: Path) -> None:
    system = judged(tmp_path, "apigen: 1\napp: shop\nentities: { Order: { fields: { n: int } } }\n")

    paths = {file.path for file in (*composition.files(system), *project.files(system))}

    assert "src/shop/infrastructure/tokens.py" not in paths
    assert "scripts/cli/commands/token.py" not in paths
