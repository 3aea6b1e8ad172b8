"""Invented bundles for tests: what two lands said to each other, as a toy newspaper tells it."""

import re
from pathlib import Path

from seeds.seal import seal

TEXT = (
    "The foreign ministers of Alphaland and Betaland met in Alphaville on May 2 for the second "
    "Alpha-Beta Talks.\n"
    "Alphaland's Foreign Minister Ann One said that “tariffs must fall.” Bo Two, her guest, agreed "
    "on a railway. Two did not mention fish. The two are close friends, and both claim the Egg "
    "Islands. A boat was lost there. They will meet again, and trade might grow.\n"
)

HEADER = "bundle: toy\nbasis: source\nlicense: CC0-1.0\n"

RECORDS = """\
sources:
  - key: toy-times
    label: The Toy Times
    publisher: Toy Press
    language: en
    rights: excerpts
    date: {edtf: "2030-05-03", as_written: May 3}
countries:
  - {key: aaa, name: Alphaland, kind: state}
  - {key: bbb, name: Betaland, kind: state}
places:
  - {key: alphaville, name: Alphaville}
topics:
  - {key: trade, name: Trade}
  - {key: tariffs, name: Tariffs, parent: trade}
series:
  - key: talks
    name: Alpha-Beta Talks
    level: foreign_ministers
    parties: [aaa, bbb]
    evidence:
      - {source: toy-times, words: Alpha-Beta Talks}
meetings:
  - key: talks-2
    name: second Alpha-Beta Talks
    level: foreign_ministers
    status: held
    date: {edtf: XXXX-05-02, as_written: May 2}
    host: aaa
    venue_country: aaa
    city: alphaville
    parties: [aaa, bbb]
    participations:
      - {participant: ann-one, role: host, country: aaa}
      - {participant: bo-two, country: bbb}
    series:
      - {series: talks, ordinal: 2}
    topics: [trade]
    evidence:
      - {source: toy-times, words: "met in Alphaville on May 2"}
      - {source: toy-times, part: ordinal, words: second Alpha-Beta Talks}
  - key: talks-3
    label: The next Alpha-Beta Talks
    level: foreign_ministers
    status: planned
    series: [{series: talks}]
    evidence:
      - {source: toy-times, words: They will meet again}
participants:
  - key: ann-one
    name: Ann One
    kind: person
    family_name: One
    given_name: Ann
    name_order: given_first
    offices:
      - {office: foreign-minister, title: Foreign Minister, country: aaa}
    evidence:
      - {source: toy-times, words: "Alphaland's Foreign Minister Ann One"}
  - key: bo-two
    name: Bo Two
    kind: person
    evidence:
      - {source: toy-times, words: Bo Two}
  - key: ministers
    label: The two ministers
    kind: group
    members: [ann-one, bo-two]
    evidence:
      - {source: toy-times, words: The foreign ministers}
statements:
  - key: one-on-tariffs
    label: Ann One on tariffs
    speakers: [ann-one]
    meeting: talks-2
    kind: mixed
    own_words: true
    text: Tariffs are to come down.
    quotes: [tariffs must fall]
    topics: [tariffs]
    about: [bbb]
    stances:
      - {target: topics/tariffs, stance: opposes}
    evidence:
      - {source: toy-times, words: "said that “tariffs must fall.”", quote: tariffs must fall}
silences:
  - key: two-on-fish
    label: Bo Two on fish
    participants: [bo-two]
    meeting: talks-2
    text: He did not speak of fish.
    about: [aaa]
    evidence:
      - {source: toy-times, words: Two did not mention fish}
disputes:
  - key: egg-islands
    name: Egg Islands
    kind: territorial
    status: active
    text: Both claim the islands.
    parties:
      - {country: aaa, role: claimant}
      - {country: bbb, role: claimant}
    names:
      - {text: Ei-Inseln, language: de, kind: usage, used_by: bbb}
    evidence:
      - {source: toy-times, words: both claim the Egg Islands}
incidents:
  - key: boat
    label: A boat is lost
    dispute: egg-islands
    text: A boat was lost near the islands.
    parties:
      - {country: bbb, role: affected}
    date: {as_written: then, anchor: {record: meetings/talks-2, relation: before}}
    evidence:
      - {source: toy-times, words: A boat was lost there}
proposals:
  - key: railway
    label: A railway
    origin: official
    kind: cooperation
    text: A railway between the two.
    meeting: talks-2
    stages:
      - {stage: agreed, asserted_by: ann-one, meeting: talks-2}
      - {stage: suggested}
    items:
      - {key: bridge, label: A bridge, topic: trade}
    proposers: [ann-one]
    addressees: [bbb]
    evidence:
      - {source: toy-times, part: stages/agreed, words: agreed on a railway}
relations:
  - key: friends
    label: Close ties
    kind: close_ties
    parties: [bbb, aaa]
    text: They are close.
    evidence:
      - {source: toy-times, words: close friends}
assessments:
  - key: growth
    label: Trade might grow
    hedged: true
    text: Trade may become more.
    countries: [aaa, bbb]
    evidence:
      - {source: toy-times, words: trade might grow}
"""

REFERENCE = """\
countries:
  - {key: aaa, code: AAA, alpha2: AA, capital: alphaville, names: [{text: Alphaland, language: de}]}
meetings:
  - {key: talks-2, date: {edtf: "2030-05-02"}, coordinates: {latitude: 1.5, longitude: -2}}
participants:
  - key: bo-two
    names: [{text: 二, language: ja}]
    offices: [{office: foreign-minister, title: Foreign Minister, country: bbb}]
topics:
  - {key: fish, name: Fish}
"""

ECHO_TEXT = (
    "The second Alpha-Beta Talks were in Betatown on May 3. Ann One of Alphaland wants tariffs to "
    "come down. The Egg Islands, which both claim, are quiet.\n"
)

ECHO_HEADER = "bundle: zeta\nbasis: source\n"

ECHO = """\
sources:
  - key: echo
    label: The Echo
    publisher: Echo Press
    language: en
    rights: excerpts
places:
  - {key: betatown, name: Betatown}
meetings:
  - key: talks-2
    date: {edtf: XXXX-05-03, as_written: May 3}
    host: bbb
    city: betatown
    level: foreign_ministers
    evidence:
      - {source: echo, words: The second Alpha-Beta Talks were in Betatown}
      - {source: echo, part: date, words: on May 3}
statements:
  - key: one-on-tariffs
    kind: paraphrase
    own_words: false
    text: She is for lower tariffs.
    evidence:
      - {source: echo, words: wants tariffs to come down}
disputes:
  - key: egg-islands
    status: dormant
    evidence:
      - {source: echo, words: are quiet}
"""
"""What another newspaper tells of the same: some of it, and some of it otherwise."""


def bundle(folder: Path, records: str, header: str = HEADER) -> Path:
    """A bundle of one file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bundle.yaml").write_text(header, encoding="utf-8")
    (folder / "records.yaml").write_text(records, encoding="utf-8")
    return folder


def sealed(folder: Path, records: str = RECORDS, text: str = TEXT) -> Path:
    """The toy bundle, sealed to a text."""
    return _sealed(bundle(folder, records), "toy-times", text)


def echo(folder: Path, records: str = ECHO, text: str = ECHO_TEXT) -> Path:
    """The bundle of the other newspaper, sealed to a text."""
    return _sealed(bundle(folder, records, ECHO_HEADER), "echo", text)


def _sealed(folder: Path, source: str, text: str) -> Path:
    path = folder.parent / f"{source}.txt"
    path.write_text(text, encoding="utf-8")
    seal(folder, {source: path})
    return folder


def change(folder: Path, old: str, new: str) -> None:
    """Put other words in the place of some that the bundle's records have once."""
    path = folder / "records.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8")


def drop(folder: Path, key: str) -> None:
    """Take out the record with this key, written in block style."""
    path = folder / "records.yaml"
    text, count = re.subn(
        rf"(?m)^  - key: {key}\n(    .*\n)*", "", path.read_text(encoding="utf-8")
    )
    assert count == 1, key
    path.write_text(re.sub(r"(?m)^\w+:\n(?! )", "", text), encoding="utf-8")
