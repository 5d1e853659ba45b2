"""Teaches asn1crypto the Chinese algorithms, which it does not know (last release 2022).

Object identifiers of GM/T 0006: SM3, the SM2 curve, SM2 with SM3. Imported for its effect by everything that
reads or writes certificates and signatures; loading it twice changes nothing.
"""

from asn1crypto import algos, keys

SM3 = "sm3"
SM2_CURVE = "sm2p256v1"
SM2_WITH_SM3 = "sm3_sm2"

_DIGEST = "1.2.156.10197.1.401"
_CURVE = "1.2.156.10197.1.301"
_SIGNATURE = "1.2.156.10197.1.501"


def _register() -> None:
    if _DIGEST in algos.DigestAlgorithmId._map:
        return
    for id_class, oid, name in (
        (algos.DigestAlgorithmId, _DIGEST, SM3),
        (algos.SignedDigestAlgorithmId, _SIGNATURE, SM2_WITH_SM3),
    ):
        id_class._map[oid] = name
        if id_class._reverse_map is not None:
            id_class._reverse_map[name] = oid
    keys.NamedCurve.register(SM2_CURVE, _CURVE, 32)
    algorithm = algos.SignedDigestAlgorithm
    algorithm.signature_algo = _with_sm2(algorithm.signature_algo, "sm2")
    algorithm.hash_algo = _with_sm2(algorithm.hash_algo, SM3)


def _with_sm2(original: property, answer: str) -> property:
    def read(self: algos.SignedDigestAlgorithm) -> str:
        if self["algorithm"].native == SM2_WITH_SM3:
            return answer
        found: str = original.fget(self)  # type: ignore[misc]  # a property with a getter
        return found

    return property(read)


_register()
