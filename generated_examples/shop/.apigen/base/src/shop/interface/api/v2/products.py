# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of products over HTTP."""

from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response

from shop.application.shop.access import PRODUCT_ACCESS
from shop.application.shop.dtos import (
    FileRefDto,
    ProductCreate,
    ProductRead,
    ProductUpdate,
    RestockProductInput,
)
from shop.application.shop.mappers import (
    PRODUCT_READ,
    publish_product_from_input,
    restock_product_from_input,
    retire_product_from_input,
)
from shop.application.shop.queries import PRODUCTS
from shop.domain.shop.value_objects import ProductId
from shop.interface.api.dependencies import ShopDependency
from shop.support.application.dtos import PaginatedResponse
from shop.support.application.fields import Text
from shop.support.core.languages import language_tag
from shop.support.interface.file_replies import FileReplies, LinkedFileRead, content_of, upload
from shop.support.interface.idempotency import carried_out_once, idempotent
from shop.support.interface.keys import require_usable
from shop.support.interface.openapi import (
    IF_MATCH,
    PUBLIC,
    answered,
    declared,
    idempotency_key,
    parameters_of_list,
    parameters_of_one,
    written_in,
)
from shop.support.interface.permission import requires
from shop.support.interface.problems import problems
from shop.support.interface.replies import Replies
from shop.support.interface.routing import ResourceRouter
from shop.support.interface.uploads import UploadRules

router = ResourceRouter(prefix="/products", tags=["Products"])
replies = Replies(read=PRODUCT_READ, query=PRODUCTS, has_etag=True, language=language_tag)
SkuParameter = Annotated[ProductId, Text(normalize=("upper",))]
IMAGE_RULES = UploadRules(max_bytes=5242880, types=("image/png", "image/webp"))
IMAGE_REPLIES = FileReplies(
    field="image",
    read=FileRefDto,
    query=PRODUCTS,
    rules=IMAGE_RULES,
    has_etag=True,
    once=carried_out_once,
)


@router.get(
    "",
    response_model=PaginatedResponse[ProductRead],
    openapi_extra=declared(parameters_of_list(PRODUCTS), PUBLIC),
    operation_id="list_products",
    responses=problems(401, 422, 429),
)
async def list_products(request: Request, handlers: ShopDependency) -> Response:
    """List products."""
    return await replies.page(request, handlers.product_reader)


@router.post(
    "",
    status_code=201,
    response_model=ProductRead,
    openapi_extra=declared(written_in(PRODUCTS), idempotency_key()),
    operation_id="create_product",
    responses=answered(201, "Location", "ETag") | problems(400, 401, 403, 409, 413, 415, 422, 429),
)
@requires(PRODUCT_ACCESS, "create")
@idempotent()
async def create_product(
    request: Request, data: ProductCreate, handlers: ShopDependency
) -> Response:
    """Create one product."""
    require_usable("sku", data.sku, ())
    return replies.created(request, await handlers.products.create(data))


@router.get(
    "/{sku}",
    response_model=ProductRead,
    openapi_extra=declared(parameters_of_one(PRODUCTS, has_etag=True), PUBLIC),
    operation_id="get_product",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(401, 404, 422, 429),
)
async def get_product(request: Request, sku: SkuParameter, handlers: ShopDependency) -> Response:
    """Read one product."""
    return await replies.one(request, handlers.product_reader, sku)


@router.patch(
    "/{sku}",
    response_model=ProductRead,
    openapi_extra=declared(IF_MATCH, written_in(PRODUCTS), idempotency_key()),
    operation_id="update_product",
    responses=answered(200, "ETag") | problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429),
)
@requires(PRODUCT_ACCESS, "update")
@idempotent()
async def update_product(
    request: Request, sku: SkuParameter, data: ProductUpdate, handlers: ShopDependency
) -> Response:
    """Change what is sent of one product."""
    expected = await replies.expected_version(request, handlers.product_reader, sku)
    return replies.changed(
        request, await handlers.products.update(sku, data, expected_version=expected)
    )


@router.delete(
    "/{sku}",
    status_code=204,
    openapi_extra=declared(IF_MATCH, idempotency_key()),
    operation_id="delete_product",
    responses=problems(400, 401, 403, 404, 409, 412, 422, 429),
)
@requires(PRODUCT_ACCESS, "delete")
@idempotent()
async def delete_product(request: Request, sku: SkuParameter, handlers: ShopDependency) -> Response:
    """Delete one product."""
    expected = await replies.expected_version(request, handlers.product_reader, sku)
    return replies.deleted(request, await handlers.products.delete(sku, expected_version=expected))


@router.post(
    "/{sku}/publish",
    response_model=ProductRead,
    openapi_extra=declared(IF_MATCH, written_in(PRODUCTS), idempotency_key()),
    operation_id="publish_product",
    responses=answered(200, "ETag")
    | problems(400, 401, 403, 404, 409, 412, 422, 429, codes={422: ("no_price",)}),
)
@requires(PRODUCT_ACCESS, "publish")
@idempotent()
async def publish_product(
    request: Request, sku: SkuParameter, handlers: ShopDependency
) -> Response:
    """Publish product."""
    expected = await replies.expected_version(request, handlers.product_reader, sku)
    command = publish_product_from_input(id=sku, expected_version=expected)
    return replies.changed(request, await handlers.commands.dispatch(command))


@router.post(
    "/{sku}/retire",
    response_model=ProductRead,
    openapi_extra=declared(IF_MATCH, written_in(PRODUCTS), idempotency_key()),
    operation_id="retire_product",
    responses=answered(200, "ETag") | problems(400, 401, 403, 404, 409, 412, 422, 429),
)
@requires(PRODUCT_ACCESS, "retire")
@idempotent()
async def retire_product(request: Request, sku: SkuParameter, handlers: ShopDependency) -> Response:
    """Retire product."""
    expected = await replies.expected_version(request, handlers.product_reader, sku)
    command = retire_product_from_input(id=sku, expected_version=expected)
    return replies.changed(request, await handlers.commands.dispatch(command))


@router.post(
    "/{sku}/restock",
    response_model=ProductRead,
    openapi_extra=declared(IF_MATCH, written_in(PRODUCTS), idempotency_key()),
    operation_id="restock_product",
    responses=answered(200, "ETag") | problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429),
)
@requires(PRODUCT_ACCESS, "restock")
@idempotent()
async def restock_product(
    request: Request, sku: SkuParameter, data: RestockProductInput, handlers: ShopDependency
) -> Response:
    """Restock product."""
    expected = await replies.expected_version(request, handlers.product_reader, sku)
    command = restock_product_from_input(id=sku, data=data, expected_version=expected)
    return replies.changed(request, await handlers.commands.dispatch(command))


@router.put(
    "/{sku}/image",
    response_model=LinkedFileRead,
    max_body_size=IMAGE_RULES.max_body_bytes,
    openapi_extra=declared(idempotency_key(), IF_MATCH, upload(IMAGE_RULES)),
    operation_id="upload_product_image",
    responses=answered(200, "ETag")
    | problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503),
)
@requires(PRODUCT_ACCESS, "update")
async def upload_product_image(
    request: Request, sku: SkuParameter, handlers: ShopDependency
) -> Response:
    """Put the image of one product, as a form or as the body itself."""
    expected = await replies.expected_version(request, handlers.product_reader, sku)
    return await IMAGE_REPLIES.put(request, handlers.product_image, sku, expected_version=expected)


@router.get(
    "/{sku}/image",
    response_class=Response,
    openapi_extra=declared(content_of(IMAGE_RULES), PUBLIC),
    operation_id="download_product_image",
    responses=problems(401, 404, 416, 422, 429, 503),
)
async def download_product_image(
    request: Request, sku: SkuParameter, handlers: ShopDependency
) -> Response:
    """Fetch the image of one product, or a range of it."""
    return await IMAGE_REPLIES.get(
        request, handlers.product_reader, handlers.product_image.storage, sku
    )


@router.get(
    "/{sku}/image/link",
    response_model=LinkedFileRead,
    openapi_extra=PUBLIC,
    operation_id="link_product_image",
    responses=problems(401, 404, 422, 429, 503),
)
async def link_product_image(
    request: Request, sku: SkuParameter, handlers: ShopDependency
) -> Response:
    """Read about the image of one product, with an address of it."""
    return await IMAGE_REPLIES.link(
        request, handlers.product_reader, handlers.product_image.storage, sku
    )


@router.delete(
    "/{sku}/image",
    status_code=204,
    openapi_extra=declared(IF_MATCH, idempotency_key()),
    operation_id="remove_product_image",
    responses=problems(400, 401, 403, 404, 409, 412, 422, 429, 503),
)
@requires(PRODUCT_ACCESS, "update")
@idempotent()
async def remove_product_image(
    request: Request, sku: SkuParameter, handlers: ShopDependency
) -> Response:
    """Delete the image of one product."""
    expected = await replies.expected_version(request, handlers.product_reader, sku)
    return await IMAGE_REPLIES.delete(
        request, handlers.product_image, sku, expected_version=expected
    )
