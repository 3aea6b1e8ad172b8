"""How records are to be read, in sentences: for whoever has not seen them before."""

GUIDE = {
    "Evidence": "Every record but a country, a topic, a source or a piece of evidence rests on"
    " passages of sources, each named by source, paragraph and sentence. Cite them. A passage"
    " carries the whole record or one part of it, such as its date or one of its parties.",
    "Whose words": "`text` and `label` are in the knowledge base's own words and no quotation. Only"
    " `quotes` are words of a source, and they can be a report about the speaker: they are the"
    " speaker's own only where `own_words` is true.",
    "Voice": "`voice` says who asserts a record: an `official`, the `reporter` (what is, or"
    " happened) or the `author` (what the writer judges, expects or advises). What an author"
    " concludes is nothing that an official said.",
    "Silences": "A silence is what somebody conspicuously did not say, as a source tells. It is no"
    " statement, and it has no stance. Where no statement is known there is not yet a silence.",
    "Dates": "A date is told as precisely as it is known, in EDTF: a year is not its first day."
    " What is known only beside something else has no calendar date, but the words of the source."
    " A date is `inferred` where any part of it, such as the year, is not in the source. Filters by"
    " date leave out what has no calendar date.",
    "Reference knowledge": "What no source states, such as an ISO code, coordinates or the year of"
    " a date, is reference knowledge. Each record names its fields of this kind; `basis=source`"
    " hides them from answers and from filters.",
    "How well it is carried": "`strength` is the strongest way in which a source carries a record,"
    " from the speaker's own words down to an inference; `sources_count` counts independent"
    " sources; `contradictions` tells where they disagree, and what each says.",
    "What is not known": "What is unknown is absent or null and never guessed. The coverage tells"
    " what there are records of: what is not found may have happened all the same.",
}
"""What to know before one cites an answer, by what it is about."""
