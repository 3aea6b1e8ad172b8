"""Every table, and the one row that says what this database is."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "bb242029e764"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
SORT = sa.String(500).with_variant(sa.String(500, collation="C"), "postgresql")


def one_of(name: str, values: str) -> sa.Enum:
    """A text column that holds one of some values, by a check."""
    return sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=32)


BASIS = one_of("basis", "source reference")
COLLECTION = one_of(
    "collection",
    "meetings series participants countries statements silences disputes incidents proposals"
    " relations assessments topics sources evidence places",
)
COUNTRYKIND = one_of("countrykind", "state former_state territory organization")
DATEBASIS = one_of("datebasis", "stated inferred")
DATERELATION = one_of("daterelation", "same_day before after within")
DISPUTEKIND = one_of("disputekind", "territorial maritime_rights border historical")
DISPUTESTATUS = one_of("disputestatus", "active flared_up dormant settled")
INCIDENTROLE = one_of("incidentrole", "actor affected")
MEETINGLEVEL = one_of("meetinglevel", "leaders foreign_ministers ministers senior_officials other")
MEETINGSTATUS = one_of("meetingstatus", "held planned postponed cancelled")
NAMEKIND = one_of("namekind", "main alias usage capital")
NAMEORDER = one_of("nameorder", "family_first given_first")
PARTICIPANTKIND = one_of("participantkind", "person delegation state organization group unnamed")
PARTICIPATIONROLE = one_of(
    "participationrole", "host participant chair signatory witness observer interpreter"
)
PARTYROLE = one_of("partyrole", "claimant party")
PROPOSALKIND = one_of("proposalkind", "cooperation recommendation")
PROPOSALORIGIN = one_of("proposalorigin", "official author")
PROPOSALSTAGE = one_of(
    "proposalstage", "suggested urged proposed agreed under_way done stalled dropped"
)
RELATIONKIND = one_of(
    "relationkind",
    "alliance close_ties tension military_cooperation military_presence support wariness rivalry",
)
SOURCERIGHTS = one_of("sourcerights", "metadata_only excerpts full_text")
STANCE = one_of("stance", "supports urges concerned opposes neutral unclear")
STATEMENTKIND = one_of("statementkind", "direct mixed paraphrase")
VOICE = one_of("voice", "official reporter author")


def upgrade() -> None:
    op.create_table(
        "bundle",
        sa.Column("name", KEY, nullable=False),
        sa.Column("basis", BASIS, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bundle")),
    )
    op.create_table(
        "instance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_instance_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
    )
    op.create_table(
        "record",
        sa.Column("id", KEY, nullable=False),
        sa.Column("collection", COLLECTION, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("slug", KEY, nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("sort_name", SORT, nullable=False),
        sa.Column("basis", BASIS, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_record_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("collection", "key", name=op.f("uq_record_collection_key")),
        sa.UniqueConstraint("collection", "slug", name=op.f("uq_record_collection_slug")),
    )
    op.create_index(
        op.f("ix_record_collection_sort_name_id"), "record", ["collection", "sort_name", "id"]
    )
    op.create_table(
        "contribution",
        sa.Column("bundle_name", KEY, nullable=False),
        sa.Column("collection", COLLECTION, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bundle_name"],
            ["bundle.name"],
            name=op.f("fk_contribution_bundle_name_bundle"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("bundle_name", "collection", "key", name=op.f("pk_contribution")),
    )
    op.create_index(op.f("ix_contribution_collection_key"), "contribution", ["collection", "key"])
    op.create_table(
        "former_slug",
        sa.Column("collection", COLLECTION, nullable=False),
        sa.Column("slug", KEY, nullable=False),
        sa.Column("record_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_former_slug_record_id_record"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("collection", "slug", name=op.f("pk_former_slug")),
    )
    op.create_index(op.f("ix_former_slug_record_id"), "former_slug", ["record_id"])
    op.create_table(
        "place",
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_place_coordinates")
        ),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_place_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_place_longitude")),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_place_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    op.create_table(
        "reference_field",
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("field", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_reference_field_record_id_record"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("record_id", "field", name=op.f("pk_reference_field")),
    )
    op.create_table(
        "series",
        sa.Column("id", KEY, nullable=False),
        sa.Column("level", MEETINGLEVEL, nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_series_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_level"), "series", ["level"])
    op.create_table(
        "source",
        sa.Column("date_start", sa.Date(), nullable=True),
        sa.Column("date_end", sa.Date(), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_edtf", sa.String(), nullable=True),
        sa.Column("date_as_written", sa.String(), nullable=True),
        sa.Column("date_basis", DATEBASIS, nullable=True),
        sa.Column("date_anchor_id", KEY, nullable=True),
        sa.Column("date_anchor_relation", DATERELATION, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("publisher", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("language", KEY, nullable=False),
        sa.Column("rights", SOURCERIGHTS, nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("paragraphs", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.CheckConstraint(
            "text IS NULL OR rights = 'full_text'", name=op.f("ck_source_rights_text")
        ),
        sa.CheckConstraint(
            "(date_anchor_id IS NULL) = (date_anchor_relation IS NULL)",
            name=op.f("ck_source_date_anchor"),
        ),
        sa.CheckConstraint("characters >= 0 AND paragraphs >= 0", name=op.f("ck_source_size")),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_source_date_span")),
        sa.CheckConstraint("date_end <= date_latest", name=op.f("ck_source_date_end")),
        sa.CheckConstraint("date_start >= date_earliest", name=op.f("ck_source_date_start")),
        sa.ForeignKeyConstraint(
            ["date_anchor_id"], ["record.id"], name=op.f("fk_source_date_anchor_id_record")
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_source_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    op.create_index(
        op.f("ix_source_date_earliest_date_latest_id"),
        "source",
        ["date_earliest", "date_latest", "id"],
    )
    op.create_index(op.f("ix_source_language"), "source", ["language"])
    op.create_index(op.f("ix_source_rights"), "source", ["rights"])
    op.create_table(
        "term",
        sa.Column("term", KEY, nullable=False),
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("basis", BASIS, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_term_record_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("term", "record_id", "basis", name=op.f("pk_term")),
    )
    op.create_index(op.f("ix_term_record_id"), "term", ["record_id"])
    op.create_table(
        "topic",
        sa.Column("id", KEY, nullable=False),
        sa.Column("parent_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_topic_id_record"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["topic.id"], name=op.f("fk_topic_parent_id_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
    )
    op.create_index(op.f("ix_topic_parent_id"), "topic", ["parent_id"])
    op.create_table(
        "country",
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", COUNTRYKIND, nullable=False),
        sa.Column("code", KEY, nullable=True),
        sa.Column("alpha2", KEY, nullable=True),
        sa.Column("capital_id", KEY, nullable=True),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_country_coordinates")
        ),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_country_latitude")),
        sa.CheckConstraint(
            "length(alpha2) = 2 AND alpha2 = upper(alpha2)", name=op.f("ck_country_alpha2")
        ),
        sa.CheckConstraint("length(code) = 3 AND code = upper(code)", name=op.f("ck_country_code")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_country_longitude")),
        sa.ForeignKeyConstraint(
            ["capital_id"], ["place.id"], name=op.f("fk_country_capital_id_place")
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_country_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_country")),
        sa.UniqueConstraint("alpha2", name=op.f("uq_country_alpha2")),
        sa.UniqueConstraint("code", name=op.f("uq_country_code")),
    )
    op.create_index(op.f("ix_country_capital_id"), "country", ["capital_id"])
    op.create_index(op.f("ix_country_kind"), "country", ["kind"])
    op.create_table(
        "evidence",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("part", sa.String(), nullable=True),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.Integer(), nullable=False),
        sa.Column("start_code_point", sa.Integer(), nullable=False),
        sa.Column("start_utf16", sa.Integer(), nullable=False),
        sa.Column("start_utf8", sa.Integer(), nullable=False),
        sa.Column("end_code_point", sa.Integer(), nullable=False),
        sa.Column("end_utf16", sa.Integer(), nullable=False),
        sa.Column("end_utf8", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=True),
        sa.Column("passage", sa.String(), nullable=True),
        sa.CheckConstraint(
            "0 <= start_code_point AND start_code_point < end_code_point",
            name=op.f("ck_evidence_span"),
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_evidence_sha256")),
        sa.CheckConstraint("paragraph >= 1 AND sentence >= 1", name=op.f("ck_evidence_position")),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_evidence_id_record"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_evidence_record_id_record"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_evidence_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_paragraph"), "evidence", ["paragraph"])
    op.create_index(op.f("ix_evidence_record_id_source_id"), "evidence", ["record_id", "source_id"])
    op.create_index(op.f("ix_evidence_sentence"), "evidence", ["sentence"])
    op.create_index(
        op.f("ix_evidence_source_id_paragraph_sentence"),
        "evidence",
        ["source_id", "paragraph", "sentence"],
    )
    op.create_index(
        op.f("ix_evidence_source_id_start_code_point_id"),
        "evidence",
        ["source_id", "start_code_point", "id"],
    )
    op.create_table(
        "record_topic",
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("topic_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_record_topic_record_id_record"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_record_topic_topic_id_topic")
        ),
        sa.PrimaryKeyConstraint("record_id", "topic_id", name=op.f("pk_record_topic")),
    )
    op.create_index(
        op.f("ix_record_topic_topic_id_record_id"), "record_topic", ["topic_id", "record_id"]
    )
    op.create_table(
        "source_sentence",
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.Integer(), nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "0 <= start_at AND start_at < end_at", name=op.f("ck_source_sentence_span")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
            name=op.f("fk_source_sentence_source_id_source"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "source_id", "paragraph", "sentence", name=op.f("pk_source_sentence")
        ),
    )
    op.create_table(
        "topic_path",
        sa.Column("ancestor_id", KEY, nullable=False),
        sa.Column("topic_id", KEY, nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ancestor_id"],
            ["topic.id"],
            name=op.f("fk_topic_path_ancestor_id_topic"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"],
            ["topic.id"],
            name=op.f("fk_topic_path_topic_id_topic"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ancestor_id", "topic_id", name=op.f("pk_topic_path")),
    )
    op.create_index(
        op.f("ix_topic_path_topic_id_ancestor_id"), "topic_path", ["topic_id", "ancestor_id"]
    )
    op.create_table(
        "dispute",
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", DISPUTEKIND, nullable=False),
        sa.Column("status", DISPUTESTATUS, nullable=False),
        sa.Column("administrator_id", KEY, nullable=True),
        sa.Column("voice", VOICE, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_dispute_coordinates")
        ),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_dispute_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_dispute_longitude")),
        sa.ForeignKeyConstraint(
            ["administrator_id"], ["country.id"], name=op.f("fk_dispute_administrator_id_country")
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_dispute_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    op.create_index(op.f("ix_dispute_administrator_id"), "dispute", ["administrator_id"])
    op.create_index(op.f("ix_dispute_kind"), "dispute", ["kind"])
    op.create_index(op.f("ix_dispute_status"), "dispute", ["status"])
    op.create_index(op.f("ix_dispute_voice"), "dispute", ["voice"])
    op.create_table(
        "meeting",
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("date_start", sa.Date(), nullable=True),
        sa.Column("date_end", sa.Date(), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_edtf", sa.String(), nullable=True),
        sa.Column("date_as_written", sa.String(), nullable=True),
        sa.Column("date_basis", DATEBASIS, nullable=True),
        sa.Column("date_anchor_id", KEY, nullable=True),
        sa.Column("date_anchor_relation", DATERELATION, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("level", MEETINGLEVEL, nullable=False),
        sa.Column("status", MEETINGSTATUS, nullable=False),
        sa.Column("voice", VOICE, nullable=False),
        sa.Column("host_id", KEY, nullable=True),
        sa.Column("venue_country_id", KEY, nullable=True),
        sa.Column("city_id", KEY, nullable=True),
        sa.Column("venue", sa.String(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(date_anchor_id IS NULL) = (date_anchor_relation IS NULL)",
            name=op.f("ck_meeting_date_anchor"),
        ),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_meeting_coordinates")
        ),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_meeting_date_span")),
        sa.CheckConstraint("date_end <= date_latest", name=op.f("ck_meeting_date_end")),
        sa.CheckConstraint("date_start >= date_earliest", name=op.f("ck_meeting_date_start")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_meeting_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_meeting_longitude")),
        sa.ForeignKeyConstraint(["city_id"], ["place.id"], name=op.f("fk_meeting_city_id_place")),
        sa.ForeignKeyConstraint(
            ["date_anchor_id"], ["record.id"], name=op.f("fk_meeting_date_anchor_id_record")
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["country.id"], name=op.f("fk_meeting_host_id_country")
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_meeting_id_record"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["venue_country_id"], ["country.id"], name=op.f("fk_meeting_venue_country_id_country")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index(op.f("ix_meeting_city_id"), "meeting", ["city_id"])
    op.create_index(
        op.f("ix_meeting_date_earliest_date_latest_id"),
        "meeting",
        ["date_earliest", "date_latest", "id"],
    )
    op.create_index(op.f("ix_meeting_host_id"), "meeting", ["host_id"])
    op.create_index(op.f("ix_meeting_level"), "meeting", ["level"])
    op.create_index(op.f("ix_meeting_status"), "meeting", ["status"])
    op.create_index(op.f("ix_meeting_venue_country_id"), "meeting", ["venue_country_id"])
    op.create_index(op.f("ix_meeting_voice"), "meeting", ["voice"])
    op.create_table(
        "name",
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", KEY, nullable=False),
        sa.Column("kind", NAMEKIND, nullable=False),
        sa.Column("used_by_id", KEY, nullable=True),
        sa.Column("basis", BASIS, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_name_record_id_record"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["used_by_id"], ["country.id"], name=op.f("fk_name_used_by_id_country")
        ),
        sa.PrimaryKeyConstraint("record_id", "position", name=op.f("pk_name")),
    )
    op.create_index(op.f("ix_name_used_by_id"), "name", ["used_by_id"])
    op.create_table(
        "participant",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", PARTICIPANTKIND, nullable=False),
        sa.Column("family_name", sa.String(), nullable=True),
        sa.Column("given_name", sa.String(), nullable=True),
        sa.Column("name_order", NAMEORDER, nullable=True),
        sa.Column("country_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["country_id"], ["country.id"], name=op.f("fk_participant_country_id_country")
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_participant_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
    )
    op.create_index(op.f("ix_participant_country_id"), "participant", ["country_id"])
    op.create_index(op.f("ix_participant_kind"), "participant", ["kind"])
    op.create_table(
        "record_about",
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("country_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["country_id"], ["country.id"], name=op.f("fk_record_about_country_id_country")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_record_about_record_id_record"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("record_id", "country_id", name=op.f("pk_record_about")),
    )
    op.create_index(
        op.f("ix_record_about_country_id_record_id"), "record_about", ["country_id", "record_id"]
    )
    op.create_table(
        "series_party",
        sa.Column("series_id", KEY, nullable=False),
        sa.Column("country_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["country_id"], ["country.id"], name=op.f("fk_series_party_country_id_country")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["series.id"],
            name=op.f("fk_series_party_series_id_series"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("series_id", "country_id", name=op.f("pk_series_party")),
    )
    op.create_index(
        op.f("ix_series_party_country_id_series_id"), "series_party", ["country_id", "series_id"]
    )
    op.create_table(
        "assessment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("hedged", sa.Boolean(), nullable=False),
        sa.Column("voice", VOICE, nullable=False),
        sa.Column("meeting_id", KEY, nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_assessment_id_record"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_assessment_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index(op.f("ix_assessment_hedged"), "assessment", ["hedged"])
    op.create_index(op.f("ix_assessment_meeting_id"), "assessment", ["meeting_id"])
    op.create_index(op.f("ix_assessment_voice"), "assessment", ["voice"])
    op.create_table(
        "dispute_party",
        sa.Column("dispute_id", KEY, nullable=False),
        sa.Column("country_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", PARTYROLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["country_id"], ["country.id"], name=op.f("fk_dispute_party_country_id_country")
        ),
        sa.ForeignKeyConstraint(
            ["dispute_id"],
            ["dispute.id"],
            name=op.f("fk_dispute_party_dispute_id_dispute"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dispute_id", "country_id", name=op.f("pk_dispute_party")),
    )
    op.create_index(
        op.f("ix_dispute_party_country_id_dispute_id"),
        "dispute_party",
        ["country_id", "dispute_id"],
    )
    op.create_index(
        op.f("ix_dispute_party_role_country_id_dispute_id"),
        "dispute_party",
        ["role", "country_id", "dispute_id"],
    )
    op.create_table(
        "incident",
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("date_start", sa.Date(), nullable=True),
        sa.Column("date_end", sa.Date(), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_edtf", sa.String(), nullable=True),
        sa.Column("date_as_written", sa.String(), nullable=True),
        sa.Column("date_basis", DATEBASIS, nullable=True),
        sa.Column("date_anchor_id", KEY, nullable=True),
        sa.Column("date_anchor_relation", DATERELATION, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("dispute_id", KEY, nullable=True),
        sa.Column("voice", VOICE, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(date_anchor_id IS NULL) = (date_anchor_relation IS NULL)",
            name=op.f("ck_incident_date_anchor"),
        ),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_incident_coordinates")
        ),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_incident_date_span")),
        sa.CheckConstraint("date_end <= date_latest", name=op.f("ck_incident_date_end")),
        sa.CheckConstraint("date_start >= date_earliest", name=op.f("ck_incident_date_start")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_incident_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_incident_longitude")),
        sa.ForeignKeyConstraint(
            ["date_anchor_id"], ["record.id"], name=op.f("fk_incident_date_anchor_id_record")
        ),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["dispute.id"], name=op.f("fk_incident_dispute_id_dispute")
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_incident_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(
        op.f("ix_incident_date_earliest_date_latest_id"),
        "incident",
        ["date_earliest", "date_latest", "id"],
    )
    op.create_index(op.f("ix_incident_dispute_id"), "incident", ["dispute_id"])
    op.create_index(op.f("ix_incident_voice"), "incident", ["voice"])
    op.create_table(
        "meeting_party",
        sa.Column("meeting_id", KEY, nullable=False),
        sa.Column("country_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["country_id"], ["country.id"], name=op.f("fk_meeting_party_country_id_country")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_meeting_party_meeting_id_meeting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("meeting_id", "country_id", name=op.f("pk_meeting_party")),
    )
    op.create_index(
        op.f("ix_meeting_party_country_id_meeting_id"),
        "meeting_party",
        ["country_id", "meeting_id"],
    )
    op.create_table(
        "meeting_series",
        sa.Column("meeting_id", KEY, nullable=False),
        sa.Column("series_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.CheckConstraint("ordinal >= 1", name=op.f("ck_meeting_series_ordinal")),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_meeting_series_meeting_id_meeting"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_meeting_series_series_id_series")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "series_id", name=op.f("pk_meeting_series")),
    )
    op.create_index(
        op.f("ix_meeting_series_ordinal_meeting_id"), "meeting_series", ["ordinal", "meeting_id"]
    )
    op.create_index(
        op.f("ix_meeting_series_series_id_meeting_id"),
        "meeting_series",
        ["series_id", "meeting_id"],
    )
    op.create_index(
        op.f("ix_meeting_series_series_id_rank"), "meeting_series", ["series_id", "rank"]
    )
    op.create_table(
        "participant_country",
        sa.Column("participant_id", KEY, nullable=False),
        sa.Column("country_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("basis", BASIS, nullable=False),
        sa.ForeignKeyConstraint(
            ["country_id"], ["country.id"], name=op.f("fk_participant_country_country_id_country")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_participant_country_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "participant_id", "country_id", name=op.f("pk_participant_country")
        ),
    )
    op.create_index(
        op.f("ix_participant_country_country_id_participant_id"),
        "participant_country",
        ["country_id", "participant_id"],
    )
    op.create_table(
        "participant_member",
        sa.Column("participant_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["participant.id"],
            name=op.f("fk_participant_member_member_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_participant_member_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", "member_id", name=op.f("pk_participant_member")),
    )
    op.create_index(
        op.f("ix_participant_member_member_id_participant_id"),
        "participant_member",
        ["member_id", "participant_id"],
    )
    op.create_table(
        "participant_office",
        sa.Column("date_start", sa.Date(), nullable=True),
        sa.Column("date_end", sa.Date(), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_edtf", sa.String(), nullable=True),
        sa.Column("date_as_written", sa.String(), nullable=True),
        sa.Column("date_basis", DATEBASIS, nullable=True),
        sa.Column("date_anchor_id", KEY, nullable=True),
        sa.Column("date_anchor_relation", DATERELATION, nullable=True),
        sa.Column("participant_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("office", KEY, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("country_id", KEY, nullable=True),
        sa.Column("basis", BASIS, nullable=False),
        sa.CheckConstraint(
            "(date_anchor_id IS NULL) = (date_anchor_relation IS NULL)",
            name=op.f("ck_participant_office_date_anchor"),
        ),
        sa.CheckConstraint(
            "date_earliest <= date_latest", name=op.f("ck_participant_office_date_span")
        ),
        sa.CheckConstraint("date_end <= date_latest", name=op.f("ck_participant_office_date_end")),
        sa.CheckConstraint(
            "date_start >= date_earliest", name=op.f("ck_participant_office_date_start")
        ),
        sa.ForeignKeyConstraint(
            ["country_id"], ["country.id"], name=op.f("fk_participant_office_country_id_country")
        ),
        sa.ForeignKeyConstraint(
            ["date_anchor_id"],
            ["record.id"],
            name=op.f("fk_participant_office_date_anchor_id_record"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_participant_office_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", "position", name=op.f("pk_participant_office")),
    )
    op.create_index(
        op.f("ix_participant_office_country_id_participant_id"),
        "participant_office",
        ["country_id", "participant_id"],
    )
    op.create_index(
        op.f("ix_participant_office_office_participant_id"),
        "participant_office",
        ["office", "participant_id"],
    )
    op.create_table(
        "participation",
        sa.Column("meeting_id", KEY, nullable=False),
        sa.Column("participant_id", KEY, nullable=False),
        sa.Column("role", PARTICIPATIONROLE, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("country_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["country_id"], ["country.id"], name=op.f("fk_participation_country_id_country")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_participation_meeting_id_meeting"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_participation_participant_id_participant"),
        ),
        sa.PrimaryKeyConstraint(
            "meeting_id", "participant_id", "role", name=op.f("pk_participation")
        ),
    )
    op.create_index(op.f("ix_participation_country_id"), "participation", ["country_id"])
    op.create_index(
        op.f("ix_participation_participant_id_meeting_id"),
        "participation",
        ["participant_id", "meeting_id"],
    )
    op.create_index(
        op.f("ix_participation_role_participant_id"), "participation", ["role", "participant_id"]
    )
    op.create_table(
        "proposal",
        sa.Column("id", KEY, nullable=False),
        sa.Column("origin", PROPOSALORIGIN, nullable=False),
        sa.Column("kind", PROPOSALKIND, nullable=False),
        sa.Column("stage", PROPOSALSTAGE, nullable=False),
        sa.Column("voice", VOICE, nullable=False),
        sa.Column("meeting_id", KEY, nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(origin = 'author') = (voice = 'author')", name=op.f("ck_proposal_origin_voice")
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_proposal_id_record"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_proposal_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_kind"), "proposal", ["kind"])
    op.create_index(op.f("ix_proposal_meeting_id"), "proposal", ["meeting_id"])
    op.create_index(op.f("ix_proposal_origin"), "proposal", ["origin"])
    op.create_index(op.f("ix_proposal_stage"), "proposal", ["stage"])
    op.create_index(op.f("ix_proposal_voice"), "proposal", ["voice"])
    op.create_table(
        "relation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", RELATIONKIND, nullable=False),
        sa.Column("directed", sa.Boolean(), nullable=False),
        sa.Column("pair", KEY, nullable=False),
        sa.Column("voice", VOICE, nullable=False),
        sa.Column("asserted_by_id", KEY, nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asserted_by_id"],
            ["participant.id"],
            name=op.f("fk_relation_asserted_by_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_relation_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
        sa.UniqueConstraint("pair", name=op.f("uq_relation_pair")),
    )
    op.create_index(op.f("ix_relation_asserted_by_id"), "relation", ["asserted_by_id"])
    op.create_index(op.f("ix_relation_directed"), "relation", ["directed"])
    op.create_index(op.f("ix_relation_kind"), "relation", ["kind"])
    op.create_index(op.f("ix_relation_voice"), "relation", ["voice"])
    op.create_table(
        "silence",
        sa.Column("date_start", sa.Date(), nullable=True),
        sa.Column("date_end", sa.Date(), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_edtf", sa.String(), nullable=True),
        sa.Column("date_as_written", sa.String(), nullable=True),
        sa.Column("date_basis", DATEBASIS, nullable=True),
        sa.Column("date_anchor_id", KEY, nullable=True),
        sa.Column("date_anchor_relation", DATERELATION, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("meeting_id", KEY, nullable=True),
        sa.Column("voice", VOICE, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(date_anchor_id IS NULL) = (date_anchor_relation IS NULL)",
            name=op.f("ck_silence_date_anchor"),
        ),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_silence_date_span")),
        sa.CheckConstraint("date_end <= date_latest", name=op.f("ck_silence_date_end")),
        sa.CheckConstraint("date_start >= date_earliest", name=op.f("ck_silence_date_start")),
        sa.ForeignKeyConstraint(
            ["date_anchor_id"], ["record.id"], name=op.f("fk_silence_date_anchor_id_record")
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_silence_id_record"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_silence_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence")),
    )
    op.create_index(
        op.f("ix_silence_date_earliest_date_latest_id"),
        "silence",
        ["date_earliest", "date_latest", "id"],
    )
    op.create_index(op.f("ix_silence_meeting_id"), "silence", ["meeting_id"])
    op.create_index(op.f("ix_silence_voice"), "silence", ["voice"])
    op.create_table(
        "statement",
        sa.Column("date_start", sa.Date(), nullable=True),
        sa.Column("date_end", sa.Date(), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_edtf", sa.String(), nullable=True),
        sa.Column("date_as_written", sa.String(), nullable=True),
        sa.Column("date_basis", DATEBASIS, nullable=True),
        sa.Column("date_anchor_id", KEY, nullable=True),
        sa.Column("date_anchor_relation", DATERELATION, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("meeting_id", KEY, nullable=True),
        sa.Column("kind", STATEMENTKIND, nullable=False),
        sa.Column("own_words", sa.Boolean(), nullable=False),
        sa.Column("voice", VOICE, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "NOT (kind = 'paraphrase' AND own_words)", name=op.f("ck_statement_own_words")
        ),
        sa.CheckConstraint(
            "(date_anchor_id IS NULL) = (date_anchor_relation IS NULL)",
            name=op.f("ck_statement_date_anchor"),
        ),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_statement_date_span")),
        sa.CheckConstraint("date_end <= date_latest", name=op.f("ck_statement_date_end")),
        sa.CheckConstraint("date_start >= date_earliest", name=op.f("ck_statement_date_start")),
        sa.ForeignKeyConstraint(
            ["date_anchor_id"], ["record.id"], name=op.f("fk_statement_date_anchor_id_record")
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_statement_id_record"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_statement_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    op.create_index(
        op.f("ix_statement_date_earliest_date_latest_id"),
        "statement",
        ["date_earliest", "date_latest", "id"],
    )
    op.create_index(op.f("ix_statement_kind"), "statement", ["kind"])
    op.create_index(op.f("ix_statement_meeting_id"), "statement", ["meeting_id"])
    op.create_index(op.f("ix_statement_own_words"), "statement", ["own_words"])
    op.create_index(op.f("ix_statement_voice"), "statement", ["voice"])
    op.create_table(
        "incident_party",
        sa.Column("incident_id", KEY, nullable=False),
        sa.Column("country_id", KEY, nullable=False),
        sa.Column("role", INCIDENTROLE, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("participant_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["country_id"], ["country.id"], name=op.f("fk_incident_party_country_id_country")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incident.id"],
            name=op.f("fk_incident_party_incident_id_incident"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_incident_party_participant_id_participant"),
        ),
        sa.PrimaryKeyConstraint(
            "incident_id", "country_id", "role", name=op.f("pk_incident_party")
        ),
    )
    op.create_index(
        op.f("ix_incident_party_country_id_incident_id"),
        "incident_party",
        ["country_id", "incident_id"],
    )
    op.create_index(
        op.f("ix_incident_party_participant_id_incident_id"),
        "incident_party",
        ["participant_id", "incident_id"],
    )
    op.create_table(
        "proposal_addressee",
        sa.Column("proposal_id", KEY, nullable=False),
        sa.Column("country_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["country_id"], ["country.id"], name=op.f("fk_proposal_addressee_country_id_country")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_addressee_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", "country_id", name=op.f("pk_proposal_addressee")),
    )
    op.create_index(
        op.f("ix_proposal_addressee_country_id_proposal_id"),
        "proposal_addressee",
        ["country_id", "proposal_id"],
    )
    op.create_table(
        "proposal_item",
        sa.Column("proposal_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("topic_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_item_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_proposal_item_topic_id_topic")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "position", name=op.f("pk_proposal_item")),
    )
    op.create_index(op.f("ix_proposal_item_topic_id"), "proposal_item", ["topic_id"])
    op.create_table(
        "proposal_proposer",
        sa.Column("proposal_id", KEY, nullable=False),
        sa.Column("participant_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_proposal_proposer_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_proposer_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", "participant_id", name=op.f("pk_proposal_proposer")),
    )
    op.create_index(
        op.f("ix_proposal_proposer_participant_id_proposal_id"),
        "proposal_proposer",
        ["participant_id", "proposal_id"],
    )
    op.create_table(
        "proposal_stage",
        sa.Column("date_start", sa.Date(), nullable=True),
        sa.Column("date_end", sa.Date(), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_edtf", sa.String(), nullable=True),
        sa.Column("date_as_written", sa.String(), nullable=True),
        sa.Column("date_basis", DATEBASIS, nullable=True),
        sa.Column("date_anchor_id", KEY, nullable=True),
        sa.Column("date_anchor_relation", DATERELATION, nullable=True),
        sa.Column("proposal_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stage", PROPOSALSTAGE, nullable=False),
        sa.Column("voice", VOICE, nullable=False),
        sa.Column("asserted_by_id", KEY, nullable=True),
        sa.Column("meeting_id", KEY, nullable=True),
        sa.CheckConstraint(
            "(date_anchor_id IS NULL) = (date_anchor_relation IS NULL)",
            name=op.f("ck_proposal_stage_date_anchor"),
        ),
        sa.CheckConstraint(
            "date_earliest <= date_latest", name=op.f("ck_proposal_stage_date_span")
        ),
        sa.CheckConstraint("date_end <= date_latest", name=op.f("ck_proposal_stage_date_end")),
        sa.CheckConstraint(
            "date_start >= date_earliest", name=op.f("ck_proposal_stage_date_start")
        ),
        sa.ForeignKeyConstraint(
            ["asserted_by_id"],
            ["participant.id"],
            name=op.f("fk_proposal_stage_asserted_by_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["date_anchor_id"], ["record.id"], name=op.f("fk_proposal_stage_date_anchor_id_record")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_proposal_stage_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_stage_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", "position", name=op.f("pk_proposal_stage")),
    )
    op.create_index(op.f("ix_proposal_stage_asserted_by_id"), "proposal_stage", ["asserted_by_id"])
    op.create_index(op.f("ix_proposal_stage_meeting_id"), "proposal_stage", ["meeting_id"])
    op.create_table(
        "relation_party",
        sa.Column("relation_id", KEY, nullable=False),
        sa.Column("country_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("position IN (0, 1)", name=op.f("ck_relation_party_position")),
        sa.ForeignKeyConstraint(
            ["country_id"], ["country.id"], name=op.f("fk_relation_party_country_id_country")
        ),
        sa.ForeignKeyConstraint(
            ["relation_id"],
            ["relation.id"],
            name=op.f("fk_relation_party_relation_id_relation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("relation_id", "country_id", name=op.f("pk_relation_party")),
    )
    op.create_index(
        op.f("ix_relation_party_country_id_relation_id"),
        "relation_party",
        ["country_id", "relation_id"],
    )
    op.create_table(
        "silence_participant",
        sa.Column("silence_id", KEY, nullable=False),
        sa.Column("participant_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_silence_participant_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["silence_id"],
            ["silence.id"],
            name=op.f("fk_silence_participant_silence_id_silence"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "silence_id", "participant_id", name=op.f("pk_silence_participant")
        ),
    )
    op.create_index(
        op.f("ix_silence_participant_participant_id_silence_id"),
        "silence_participant",
        ["participant_id", "silence_id"],
    )
    op.create_table(
        "statement_quote",
        sa.Column("statement_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name=op.f("fk_statement_quote_statement_id_statement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("statement_id", "position", name=op.f("pk_statement_quote")),
    )
    op.create_table(
        "statement_speaker",
        sa.Column("statement_id", KEY, nullable=False),
        sa.Column("participant_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_statement_speaker_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name=op.f("fk_statement_speaker_statement_id_statement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "statement_id", "participant_id", name=op.f("pk_statement_speaker")
        ),
    )
    op.create_index(
        op.f("ix_statement_speaker_participant_id_statement_id"),
        "statement_speaker",
        ["participant_id", "statement_id"],
    )
    op.create_table(
        "statement_stance",
        sa.Column("statement_id", KEY, nullable=False),
        sa.Column("target_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stance", STANCE, nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name=op.f("fk_statement_stance_statement_id_statement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["record.id"], name=op.f("fk_statement_stance_target_id_record")
        ),
        sa.PrimaryKeyConstraint("statement_id", "target_id", name=op.f("pk_statement_stance")),
    )
    op.create_index(
        op.f("ix_statement_stance_stance_statement_id"),
        "statement_stance",
        ["stance", "statement_id"],
    )
    op.create_index(
        op.f("ix_statement_stance_target_id_statement_id"),
        "statement_stance",
        ["target_id", "statement_id"],
    )

    instance = sa.table("instance", sa.column("id"), sa.column("revision"), sa.column("secret"))
    op.execute(instance.insert().values(id=1, revision=0, secret=secrets.token_hex(32)))


def downgrade() -> None:
    for table in (
        "statement_stance",
        "statement_speaker",
        "statement_quote",
        "silence_participant",
        "relation_party",
        "proposal_stage",
        "proposal_proposer",
        "proposal_item",
        "proposal_addressee",
        "incident_party",
        "statement",
        "silence",
        "relation",
        "proposal",
        "participation",
        "participant_office",
        "participant_member",
        "participant_country",
        "meeting_series",
        "meeting_party",
        "incident",
        "dispute_party",
        "assessment",
        "series_party",
        "record_about",
        "participant",
        "name",
        "meeting",
        "dispute",
        "topic_path",
        "source_sentence",
        "record_topic",
        "evidence",
        "country",
        "topic",
        "term",
        "source",
        "series",
        "reference_field",
        "place",
        "former_slug",
        "contribution",
        "record",
        "instance",
        "bundle",
    ):
        op.drop_table(table)
