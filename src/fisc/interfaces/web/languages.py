"""The language in which the page is read."""

from django.utils import translation


def current() -> str:
    """Return `en` or `es`."""
    return (translation.get_language() or "en")[:2]
