"""Notes and keys as C2SP writes them, against its own examples."""

import pytest

from audit.checkpoints import notes
from audit.checkpoints.notes import BadSignature, NotANote, PublicKey, Signer, TreeHead

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n"
    "\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1"
    "ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
CHECKPOINT = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5"
    "/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
SIGNER = Signer("orchard.example/log", bytes(range(32)))


def test_the_specifications_own_example_verifies() -> None:
    key = PublicKey.read(VKEY)
    assert key.text == VKEY
    assert notes.read(NOTE).verify(key) == key
    assert TreeHead.read(notes.read(CHECKPOINT).text).size == 20852163


def test_what_we_sign_reads_back() -> None:
    head = TreeHead("orchard.example/log", 7, bytes(32))
    note = notes.sign(head.text, [SIGNER])
    assert TreeHead.read(notes.read(note).text) == head
    assert notes.read(note).verify(SIGNER.key) == SIGNER.key
    assert note.count("\n\n") == 1
    assert "seed" not in repr(SIGNER)


def test_unknown_signatures_are_ignored_and_wrong_ones_refused() -> None:
    other = Signer("pear.example/log", bytes(32))
    both = notes.sign("words\n", [other, SIGNER])
    assert notes.read(both).verify(SIGNER.key) == SIGNER.key
    with pytest.raises(BadSignature, match="no known key"):
        notes.read(both).verify(PublicKey.read(VKEY))
    with pytest.raises(BadSignature, match="does not fit"):
        notes.read(both.replace("words", "sword")).verify(SIGNER.key)
    # The same name with another key is another signer.
    same_name = Signer(SIGNER.name, bytes(32))
    with pytest.raises(BadSignature, match="no known key"):
        notes.read(both).verify(same_name.key)


@pytest.mark.parametrize(
    "text",
    [
        "", "no signature\n", NOTE.rstrip("\n"), NOTE.replace("— ", "- "), NOTE.replace("Uw2Q", "U*2Q"),
        "a\tb\n\n" + NOTE.split("\n\n")[1], NOTE.replace("example.com/foo Uw", "a+b Uw"),
        "x\n\n" + NOTE.split("\n\n")[1] * 17, "x" * 65_000 + NOTE, "x\n\n— name AAAA\n",
        "x\n\n— name\u00a0more AAAAAAAA\n",
    ],
    ids=[
        "empty", "unsigned", "no last newline", "hyphen", "base64", "control", "plus", "seventeen", "long",
        "short signature", "space in name",
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(NotANote):
        notes.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "o\n1\n", "o\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "o\n1\nAAAA\n", "o\n-1\nAA==\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
    ],
    ids=["two lines", "leading zero", "short root", "negative", "no origin", "empty extension"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NotANote):
        TreeHead.read(text)


def test_extension_lines_are_ignored() -> None:
    assert TreeHead.read(TreeHead("o", 3, bytes(32)).text + "more\n").size == 3


@pytest.mark.parametrize("text", ["no newline", "tab\there\n"])
def test_only_note_texts_are_signed(text: str) -> None:
    with pytest.raises(NotANote):
        notes.sign(text, [SIGNER])


@pytest.mark.parametrize(
    "text",
    ["", "name", "name+00000000+AAAA", VKEY.replace("530d903a", "530d903b"), VKEY.replace("foo", "f o")],
)
def test_keys_that_contradict_themselves_are_refused(text: str) -> None:
    with pytest.raises(NotANote):
        PublicKey.read(text)
