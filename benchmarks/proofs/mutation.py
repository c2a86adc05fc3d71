"""Every small fault in the pure rules of rights is noticed by their own tests, or stands here with the reason."""

import sys

from benchmarks.judging import Explained, Judges, Judging
from benchmarks.proofs.proof import Proof

SCOPE, FAMILY, DRAFTING, PATTERNS, LINKS, HANDING_OVER = (
    f"tests/rights/test_rights_{x}.py" for x in ("scope", "family", "drafting", "patterns", "links", "handing_over")
)
SHIPPED = "tests/rights/test_default_matrix.py"
JUDGES: Judges = {
    "family": (FAMILY, PATTERNS, SCOPE),
    "matrix": (PATTERNS, SCOPE, DRAFTING, SHIPPED),
    "scope": (SCOPE, SHIPPED),
    "decide": (SCOPE, SHIPPED),
    "drafting": (DRAFTING,),
    "changes": (DRAFTING,),
    "table": (DRAFTING,),
    "facts": (SCOPE,),
    "actions": (SCOPE,),
    "links": (LINKS,),
    "transfer_gate": (HANDING_OVER,),
}
EXPLAINED: Explained = {
    (
        "matrix",
        "longer, shorter = (self, other) if len(self.text) >= len(other.text) else (other, self)",
        "GtE -> Gt",
    ): "of two patterns of one length both orders give the same: the pattern where they are equal, else none",
    (
        "scope",
        "",
        "case left out",
    ): "the reach of a link gives nothing, and without its case nothing is given either",
    (
        "transfer_gate",
        "def closed(when: bool, code: str, count: int = 0) -> None:",
        "one more",
    ): "who gives no count has a reason whose text tells none",
    (
        "links",
        "_STRENGTH = {Verification.EMAIL: 0, Verification.CODE: 1, Verification.ACCOUNT: 2}",
        "one more",
    ): "only the order counts: a code is asked at most, and who has it or an account has as much or more",
    ("links", "return False", "returns None"): "it is only asked whether it holds, and None does not either",
    (
        "links",
        'raw = base64.b64decode(text.removeprefix(PREFIX), altchars=b"-_", validate=True)',
        "True <-> False",
    ): "what decoding leaves out is missing when the token is made again and compared",
}
RULES = Judging("rights.rules", "benchmarks.proofs.mutation", JUDGES, EXPLAINED)
PROOF = Proof(
    "rights_mutants",
    "Small faults in the rules of rights are noticed",
    "every mutant of rights/rules killed, or explained",
    RULES.measure,
    RULES.hangs_on,
)

if __name__ == "__main__":
    RULES.run(sys.argv[1])
