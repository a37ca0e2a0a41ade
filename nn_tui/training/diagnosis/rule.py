"""A rule: what a healthy run keeps to, in words, and where that comes from."""

from dataclasses import dataclass

from nn_tui.training.diagnosis.finding import Finding, Remedy


@dataclass(frozen=True)
class Rule:
    """See `Finding` for what the attributes mean."""

    kind: str
    statement: str
    source: str
    ill: bool = True

    def finding(
        self,
        *,
        title: str,
        since: int,
        evidence: str,
        numbers: dict[str, float],
        layer: str | None = None,
        remedies: tuple[Remedy, ...] = (),
    ) -> Finding:
        """What the rule found."""
        return Finding(
            kind=self.kind,
            title=title,
            ill=self.ill,
            layer=layer,
            since=since,
            evidence=evidence,
            numbers=numbers,
            rule=self.statement,
            source=self.source,
            remedies=remedies,
        )
