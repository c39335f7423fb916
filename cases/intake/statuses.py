"""What lists call a person's present situation."""

_WORDS = {
    "detained": "задержан, задержана, затрыманы, затрыманая, в сизо, у сіза, pre-trial, "
    "under arrest, под стражей, пад вартай",
    "charged": "charged, обвинён, обвинена, обвинение предъявлено, абвінавачаны, абвінавачаная",
    "on-trial": "on trial, идёт суд, под судом, ідзе суд, пад судом",
    "convicted": "convicted, sentenced, осуждён, осуждена, асуджаны, асуджаная",
    "serving": "serving, отбывает наказание, в колонии, адбывае пакаранне, у калоніі, in prison",
    "home-restriction": "home restriction, домашняя химия, хатняя хімія, домашний арест, "
    "хатні арышт, house arrest",
    "released": "released, освобождён, освобождена, вызвалены, вызваленая, на свободе, на волі, отбыл срок",
    "pardoned": "pardoned, помилован, помилована, памілаваны, памілаваная",
    "exiled": "exiled, expelled, выслан, выслана, высланы, высланая, deported",
    "wanted": "wanted, в розыске, у вышуку",
    "acquitted": "acquitted, оправдан, оправдана, апраўданы, апраўданая",
    "died": "died, умер, умерла, памёр, памерла",
}
_CODES = {
    word.strip().replace("ё", "е"): code
    for code, words in _WORDS.items()
    for word in (code, *words.split(","))
}


def read_status(text: str) -> str | None:
    """The code of a status; empty for an empty text, None for words we do not know."""
    plain = " ".join(text.casefold().replace("ё", "е").split())
    return _CODES.get(plain) if plain else ""
