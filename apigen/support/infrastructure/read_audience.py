"""Who is shown the same rows as whoever is asking now: what answers may be shared by.

Source: requirements 15.2, 44.3.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..application.access import READ, Grant
from ..application.cached_reads import Audience
from ..application.queries import Path
from ..core.actor import ANONYMOUS, Actor
from ..core.context import current_context
from .read_model import Children, ReadModel
from .read_model import Path as ModelPath
from .row_access import RowAccess


@dataclass(frozen=True, slots=True)
class ReadAudience:
    """The audience of answers that are read by one model."""

    model: ReadModel

    def __call__(self, *, expand: Iterable[Path], asked: Iterable[Path]) -> Audience:
        """Return who is answered the same.

        Raises:
            UnauthenticatedError, ForbiddenError: Whoever is asking may read no row.
        """
        actor = current_context().actor
        own = self.model.access
        grants: list[Grant | None] = []
        public: list[Grant | None] = []
        if own is not None:
            grants.append(own.control.grant(READ, actor))
            public.append(own.control.granted(READ, ANONYMOUS))
        for access in (*self._embedded(expand), *self._crossed(asked)):
            grants.append(access.control.granted(READ, actor))
            public.append(access.control.granted(READ, ANONYMOUS))
        by_row = any(grant is not None and grant.rules for grant in grants)
        # A rule may ask for anything that a token says.
        said = repr([grant and grant.rules for grant in grants]) + (_said(actor) if by_row else "")
        return Audience(said=said, is_public=not by_row and grants == public)

    def _embedded(self, expand: Iterable[Path]) -> Iterator[RowAccess]:
        for path in expand:
            model = self.model
            for name in path:
                model, access = _step(model, name)
                if access is not None:
                    yield access

    def _crossed(self, asked: Iterable[Path]) -> Iterator[RowAccess]:
        for path in asked:
            found = self.model.paths.get(".".join(path))
            if isinstance(found, ModelPath):
                yield from found.access


def _step(model: ReadModel, name: str) -> tuple[ReadModel, RowAccess | None]:
    """Return what a name of a path to embed leads to, and who may read that."""
    for collection in model.collections:
        if isinstance(collection, Children) and collection.name == name:
            return collection.model, collection.model.access
    found = model.expansions[name].model()
    return found, found.access


def _said(actor: Actor) -> str:
    claims = sorted(actor.claims.items())
    return repr((actor.id, sorted(actor.roles), sorted(actor.scopes), claims))
