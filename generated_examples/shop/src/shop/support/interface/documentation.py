"""The OpenAPI document and its two readers, served by the project itself: no network needed.

Swagger UI and ReDoc come from the files of the `fastapi-offline` package.

Source: requirements 38.1, 38.3, 104.1.
"""

from asyncio import to_thread
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import blake2b
from html import escape
from pathlib import Path
from threading import Lock
from typing import Any

import fastapi_offline
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from ..core.json import dumps
from .etag import is_known

OPENAPI_PATH = "/openapi.json"
_ASSETS_PATH = "/docs-assets"
_TAG_BYTES = 16

# Both readers have inline scripts and styles; ReDoc searches in a worker made from a blob.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; worker-src blob:; frame-ancestors 'none'"
)

# The document is free-form JSON, typed by FastAPI.
type OpenApi = Callable[[], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """The document as it is sent."""

    body: bytes
    tag: str
    tells_servers: bool

    def below(self, root: str) -> "_Written":
        """Return that of an API whose paths a proxy has below one of its own."""
        if not root or self.tells_servers:
            return self
        body = b'{"servers":' + dumps([{"url": root}]) + b"," + self.body[1:]
        tag = blake2b(f"{self.tag} {root}".encode(), digest_size=_TAG_BYTES).hexdigest()
        return replace(self, body=body, tag=tag)


def documentation_routes(
    title: str, describe: OpenApi, *, readers: tuple[str, ...]
) -> list[BaseRoute]:
    """Return the routes of the document and of `readers`, of swagger (`/docs`) and redoc.

    The document is written out once, at the first request for it, in a thread: a large one takes
    seconds, in which others are answered. Only what was written is kept: as objects, a document
    takes four times the room. Clients may keep it, and ask whether it is the same.
    """
    written: list[_Written] = []
    writing = Lock()

    def write() -> None:
        with writing:
            if not written:
                written.append(_written(describe()))

    # FastAPI puts the title into its pages as it is.
    title = escape(title)

    async def document(request: Request) -> Response:
        if not written:
            await to_thread(write)
        found = written[0].below(request.scope.get("root_path", ""))
        headers = {"ETag": f'"{found.tag}"', "Cache-Control": "no-cache"}
        if is_known(request, found.tag):
            return Response(status_code=304, headers=headers)
        return Response(found.body, headers=headers, media_type="application/json")

    async def swagger(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        page = get_swagger_ui_html(
            openapi_url=root + OPENAPI_PATH,
            title=title,
            swagger_js_url=f"{root}{_ASSETS_PATH}/swagger-ui-bundle.js",
            swagger_css_url=f"{root}{_ASSETS_PATH}/swagger-ui.css",
            swagger_favicon_url=f"{root}{_ASSETS_PATH}/favicon.png",
            # By default it sends the address of the document to a validator on the internet.
            swagger_ui_parameters={"validatorUrl": None},
        )
        return _with_policy(page)

    async def redoc(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        page = get_redoc_html(
            openapi_url=root + OPENAPI_PATH,
            title=title,
            redoc_js_url=f"{root}{_ASSETS_PATH}/redoc.standalone.js",
            redoc_favicon_url=f"{root}{_ASSETS_PATH}/favicon.png",
            with_google_fonts=False,
        )
        return _with_policy(page)

    routes: list[BaseRoute] = [Route(OPENAPI_PATH, document)]
    if "swagger" in readers:
        routes.append(Route("/docs", swagger))
    if "redoc" in readers:
        routes.append(Route("/redoc", redoc))
    if readers:
        assets = StaticFiles(directory=Path(fastapi_offline.__file__).parent / "static")
        routes.append(Mount(_ASSETS_PATH, assets))
    return routes


# The document is free-form JSON.
def _written(document: dict[str, Any]) -> _Written:
    body = dumps(document)
    tag = blake2b(body, digest_size=_TAG_BYTES).hexdigest()
    return _Written(body=body, tag=tag, tells_servers="servers" in document)


def _with_policy(page: HTMLResponse) -> Response:
    page.headers["Content-Security-Policy"] = _POLICY
    return page
