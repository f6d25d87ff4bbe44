# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Keys of what is kept, and what drops it.

What resources and queries answer is dropped by every unit of work that commits. Whatever changes
rows past it drops what it changed: `await cache.drop([kind_tag(Order)])`.
"""

from shop.support.core.caching import ANY_CHANGE, cache_key, changed_tags, kind_tag, row_tag

__all__ = ("ANY_CHANGE", "cache_key", "changed_tags", "kind_tag", "row_tag")
