"""What a draft would be with a look-up table filled from its source."""

from __future__ import annotations

from fisc.dmn import model as dmn
from fisc.dmn.xml import reader
from fisc.domain.rule_tables.calculations import filling, sources
from fisc.domain.rule_tables.calculations.workbooks import proposing
from fisc.domain.rule_tables.queries import drafts
from fisc.domain.rule_tables.queries import sources as kept


def table(version_id: int, decision: str) -> dmn.DecisionTable:
    """Return a table of a version, whether or not its file fits what it is asked.

    Raises sources.NoSuchTable, versions.NoSuchVersion, fisc.dmn.xml.problems.ModelIsRefused.
    """
    return sources.table_of(model(version_id), decision)


def model(version_id: int) -> dmn.Model:
    """Return the tables of a version, whether or not its file fits what it is asked.

    Raises versions.NoSuchVersion, fisc.dmn.xml.problems.ModelIsRefused.
    """
    draft = drafts.draft(version_id)
    return reader.read(draft.content, imported=drafts.imported_files(version_id), is_strict=False)


def from_source(version_id: int, decision: str) -> proposing.Proposed:
    """Return a version's file with a table as its source has it, and every difference.

    Raises kept.NoSuchSource, and what calculations.filling.filled raises.
    """
    draft = drafts.draft(version_id)
    return filling.filled(
        draft.content,
        kept.source(version_id, decision).given,
        citation=draft.citation,
        imported=drafts.imported_files(version_id),
    )
