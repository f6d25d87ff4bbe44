"""Claims of tokens that are ids, of whichever context: served, they decide who sees what."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.generated.projects import assert_clean, generate, run
from tests.generated.servers import Answer, Server, served

pytestmark = pytest.mark.slow

SPEC = """\
apigen: 1
app: clinic
security:
  auth: jwt
  jwt: { issuer: env:JWT_ISSUER, audience: clinic, jwks_url: env:JWT_JWKS_URL }
  actor:
    staff_id: id(identity.Staff)?
    patient_id: id(patients.Patient)?
    wards: list(id(patients.Ward))?
  roles: { nurse: , patient: , owner: }
contexts:
  identity:
    entities:
      Staff:
        fields: { name: str(1..80) }
        access: { read: [owner, nurse if id == actor.staff_id], all: owner }
  patients:
    uses: [identity]
    policies:
      is_self: id == actor.patient_id
      treats: any(c.staff_id == actor.staff_id for c in care_team)
    entities:
      Ward:
        fields: { name: str(1..80) }
        access:
          read: [owner, nurse if actor.wards is not None and id in actor.wards]
          all: owner
      Patient:
        id: { type: uuid7, prefix: pat }
        fields: { name: str(1..80), carer: "id(identity.Staff)? = actor.staff_id" }
        children:
          care_team: { entity: Care, fields: { staff_id: id(identity.Staff) } }
        commands:
          rename:
            input: { name: str(1..80) }
            set: { name: input.name }
            when: { own: actor.staff_id == carer }
            access: nurse if treats
        access: { read: [nurse if treats, patient if is_self, owner], create: nurse, all: owner }
"""


class Clinic:
    """The project, served, and those who ask it."""

    def __init__(self, project: Path, server: Server) -> None:
        """Ask `server`, which serves `project`."""
        self._project = project
        self._server = server

    def token(self, role: str, **claims: str) -> str:
        """Return a token of somebody with a role and claims."""
        more = [part for name, value in claims.items() for part in ("--claim", f"{name}={value}")]
        command = ("-m", "scripts.cli.commands", "token", "--sub", "somebody", "--role", role)
        done = run(sys.executable, *command, *more, cwd=self._project)
        assert_clean(done)
        return done.stdout.split()[-1]

    def ask(self, token: str, method: str, path: str, body: object = None) -> Answer:
        """Ask as whoever has the token."""
        told = {"Authorization": f"Bearer {token}"}
        return self._server.call(method, f"/api/v1/{path}", body, told)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """The project, on an empty database."""
    folder = tmp_path_factory.mktemp("claims")
    spec, made = folder / "clinic.yaml", folder / "project"
    spec.write_text(SPEC, encoding="utf-8")
    generate(spec, made)
    shutil.copy(made / ".env.example", made / ".env")
    assert_clean(run(sys.executable, "-m", "scripts.cli.commands", "db", "upgrade", cwd=made))
    with served(made, "clinic") as running:
        yield Clinic(made, running)


@pytest.mark.criterion("R15.1")
def test_rules_read_ids_of_tokens(clinic: Clinic) -> None:
    """In row rules, guards and defaults; one id, a prefixed one, a list of them."""
    owner = clinic.token("owner")
    ann, bob = (
        str(clinic.ask(owner, "POST", "staffs", {"name": name}).body["id"]) for name in ("A", "B")
    )
    east = str(clinic.ask(owner, "POST", "wards", {"name": "East"}).body["id"])
    clinic.ask(owner, "POST", "wards", {"name": "West"})
    nurse = clinic.token("nurse", staff_id=ann, wards=f'["{east}"]')
    other = clinic.token("nurse", staff_id=bob)
    made = clinic.ask(nurse, "POST", "patients", {"name": "P", "care_team": [{"staff_id": ann}]})
    assert made.status == 201, made
    patient = f"patients/{made.body['id']}"

    assert made.body["carer"] == ann
    assert [one["id"] for one in clinic.ask(nurse, "GET", "staffs").body["items"]] == [ann]
    assert [one["id"] for one in clinic.ask(nurse, "GET", "wards").body["items"]] == [east]
    assert clinic.ask(other, "GET", "wards").body["items"] == []
    assert clinic.ask(nurse, "GET", patient).status == 200
    assert clinic.ask(other, "GET", patient).status == 404
    oneself = clinic.token("patient", patient_id=made.body["id"])
    assert clinic.ask(oneself, "GET", patient).status == 200
    assert clinic.ask(clinic.token("patient"), "GET", patient).status == 404
    done = clinic.ask(nurse, "POST", f"{patient}/rename", {"name": "Q"})
    assert (done.status, done.body["name"]) == (200, "Q"), done
    assert clinic.ask(other, "POST", f"{patient}/rename", {"name": "R"}).status == 404


def test_a_claim_that_is_no_id_is_refused(clinic: Clinic) -> None:
    wrong = clinic.token("nurse", staff_id="nobody")

    answer = clinic.ask(wrong, "GET", "staffs")

    assert answer.status == 403, answer
