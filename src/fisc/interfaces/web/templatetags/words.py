"""What the floors below said, in the language of the page."""

from django import template
from django.utils import safestring

from fisc.interfaces.web import sentences

register = template.Library()


@register.filter
def in_words(value: object) -> str:
    """Say a sentence of the floors below in the language of the page; mark-up is left alone."""
    return value if isinstance(value, safestring.SafeString) else sentences.in_language(value)
