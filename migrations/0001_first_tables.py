"""The first tables: kernel, membership, accounts, grievances, ballots, bargaining.

Rows of the audit log and of agreements' versions are only ever added: triggers refuse the rest.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TRIGGERS = {
    "sqlite": [
        """CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event is insert-only'); END""",
        """CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event is insert-only'); END""",
        """CREATE TRIGGER changeset_no_update BEFORE UPDATE ON changeset BEGIN SELECT RAISE(ABORT, 'changeset is insert-only'); END""",
        """CREATE TRIGGER changeset_no_delete BEFORE DELETE ON changeset BEGIN SELECT RAISE(ABORT, 'changeset is insert-only'); END""",
        """CREATE TRIGGER node_no_update BEFORE UPDATE ON node BEGIN SELECT RAISE(ABORT, 'node is insert-only'); END""",
        """CREATE TRIGGER node_no_delete BEFORE DELETE ON node BEGIN SELECT RAISE(ABORT, 'node is insert-only'); END""",
        """CREATE TRIGGER clause_text_no_update BEFORE UPDATE ON clause_text BEGIN SELECT RAISE(ABORT, 'clause_text is insert-only'); END""",
        """CREATE TRIGGER clause_text_no_delete BEFORE DELETE ON clause_text BEGIN SELECT RAISE(ABORT, 'clause_text is insert-only'); END""",
        """CREATE TRIGGER unit_text_no_update BEFORE UPDATE ON unit_text BEGIN SELECT RAISE(ABORT, 'unit_text is insert-only'); END""",
        """CREATE TRIGGER unit_text_no_delete BEFORE DELETE ON unit_text BEGIN SELECT RAISE(ABORT, 'unit_text is insert-only'); END""",
        """CREATE TRIGGER coverage_no_update BEFORE UPDATE ON coverage BEGIN SELECT RAISE(ABORT, 'coverage is insert-only'); END""",
        """CREATE TRIGGER coverage_no_delete BEFORE DELETE ON coverage BEGIN SELECT RAISE(ABORT, 'coverage is insert-only'); END""",
        """CREATE TRIGGER pairing_no_update BEFORE UPDATE ON pairing BEGIN SELECT RAISE(ABORT, 'pairing is insert-only'); END""",
        """CREATE TRIGGER pairing_no_delete BEFORE DELETE ON pairing BEGIN SELECT RAISE(ABORT, 'pairing is insert-only'); END""",
        """CREATE TRIGGER sealed_text_no_update BEFORE UPDATE ON sealed_text BEGIN SELECT RAISE(ABORT, 'sealed_text is insert-only'); END""",
        """CREATE TRIGGER sealed_text_no_delete BEFORE DELETE ON sealed_text BEGIN SELECT RAISE(ABORT, 'sealed_text is insert-only'); END""",
    ],
    "postgresql": [
        """CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit_event is insert-only'; END $$""",
        """CREATE TRIGGER audit_event_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()""",
        """CREATE OR REPLACE FUNCTION changeset_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'changeset is insert-only'; END $$""",
        """CREATE TRIGGER changeset_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON changeset FOR EACH STATEMENT EXECUTE FUNCTION changeset_refuse()""",
        """CREATE OR REPLACE FUNCTION node_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'node is insert-only'; END $$""",
        """CREATE TRIGGER node_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON node FOR EACH STATEMENT EXECUTE FUNCTION node_refuse()""",
        """CREATE OR REPLACE FUNCTION clause_text_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'clause_text is insert-only'; END $$""",
        """CREATE TRIGGER clause_text_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON clause_text FOR EACH STATEMENT EXECUTE FUNCTION clause_text_refuse()""",
        """CREATE OR REPLACE FUNCTION unit_text_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'unit_text is insert-only'; END $$""",
        """CREATE TRIGGER unit_text_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON unit_text FOR EACH STATEMENT EXECUTE FUNCTION unit_text_refuse()""",
        """CREATE OR REPLACE FUNCTION coverage_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'coverage is insert-only'; END $$""",
        """CREATE TRIGGER coverage_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON coverage FOR EACH STATEMENT EXECUTE FUNCTION coverage_refuse()""",
        """CREATE OR REPLACE FUNCTION pairing_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'pairing is insert-only'; END $$""",
        """CREATE TRIGGER pairing_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pairing FOR EACH STATEMENT EXECUTE FUNCTION pairing_refuse()""",
        """CREATE OR REPLACE FUNCTION sealed_text_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sealed_text is insert-only'; END $$""",
        """CREATE TRIGGER sealed_text_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sealed_text FOR EACH STATEMENT EXECUTE FUNCTION sealed_text_refuse()""",
    ],
}
FUNCTIONS = [
    "audit_event_refuse",
    "changeset_refuse",
    "clause_text_refuse",
    "coverage_refuse",
    "node_refuse",
    "pairing_refuse",
    "sealed_text_refuse",
    "unit_text_refuse",
]


def upgrade():
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_bucket_at", ["bucket", "at"], unique=False)

    op.create_table(
        "audit_event",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_event_hash")),
    )
    op.create_table(
        "clause_text",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_clause_text")),
    )
    op.create_table(
        "grievance_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("reporter_key", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column(
            "sealed_by",
            sa.Enum("browser", "server", name="sealedby", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "new", "acknowledged", "in_work", "closed", name="casestate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grievance_case")),
        sa.UniqueConstraint("lookup", name=op.f("uq_grievance_case_lookup")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "staged", "applied", "undone", "discarded", name="importstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("valid", sa.Integer(), nullable=False),
        sa.Column("invalid", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("staged_by", sa.Uuid(), nullable=True),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_by", sa.Uuid(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "outbox_job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_job")),
    )
    with op.batch_alter_table("outbox_job", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_job_open", ["done_at", "failed_at", "not_before"], unique=False)

    op.create_table(
        "case_attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["grievance_case.id"],
            name=op.f("fk_case_attachment_case_id_grievance_case"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_attachment")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("case_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_attachment_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["grievance_case.id"],
            name=op.f("fk_case_message_case_id_grievance_case"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_message")),
        sa.UniqueConstraint("case_id", "seq", name=op.f("uq_case_message_case_id_seq")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_wrap",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["grievance_case.id"],
            name=op.f("fk_case_wrap_case_id_grievance_case"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("case_id", "recipient", name=op.f("pk_case_wrap")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("case_wrap", schema=None) as batch_op:
        batch_op.create_index("ix_case_wrap_recipient", ["recipient"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "suspended", "left", name="memberstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("member_number", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sort_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("pen_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("studio", sa.Text(), nullable=False),
        sa.Column("job_categories", sa.JSON(), nullable=False),
        sa.Column("employment_form", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_batch.id"], name=op.f("fk_member_import_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("email_key", name=op.f("uq_member_email_key")),
        sa.UniqueConstraint("member_number", name=op.f("uq_member_member_number")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_name_key"), ["name_key"], unique=False)
        batch_op.create_index("ix_member_sort_key_id", ["sort_key", "id"], unique=False)

    op.create_table(
        "account",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_account_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_account")),
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("collective", "rider", "statement", name="agreementkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column(
            "numbering",
            sa.Enum("contract", "statute", name="numbering", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("term_from", sa.Date(), nullable=True),
        sa.Column("term_to", sa.Date(), nullable=True),
        sa.Column("auto_renew", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_agreement_created_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "confirmed",
                "admitted",
                "refused",
                "withdrawn",
                name="applicationstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("consent_version", sa.Text(), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=True),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("pen_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("studio", sa.Text(), nullable=False),
        sa.Column("job_categories", sa.JSON(), nullable=False),
        sa.Column("employment_form", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_application_decided_by_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_application_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_email_key"), ["email_key"], unique=False)
        batch_op.create_index("ix_application_state_confirmed_at", ["state", "confirmed_at"], unique=False)

    op.create_table(
        "election",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("belenios_id", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "keys",
                "opening",
                "open",
                "closed",
                "decrypting",
                "checking",
                "finished",
                "cancelled",
                name="electionstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("text_url", sa.Text(), nullable=False),
        sa.Column(
            "group_name",
            sa.Enum("Ed25519", "BELENIOS-2048", name="group", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("codes_by_server", sa.Boolean(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("last_event", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_election_created_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_election")),
        sa.UniqueConstraint("belenios_id", name=op.f("uq_election_belenios_id")),
    )
    op.create_table(
        "handler_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("public_name", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("verify_key", sa.LargeBinary(), nullable=False),
        sa.Column("bundle", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_handler_key_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handler_key")),
        sa.UniqueConstraint("handler", name=op.f("uq_handler_key_handler")),
    )
    with op.batch_alter_table("handler_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handler_key_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            "uq_handler_key_member_id_active",
            ["member_id"],
            unique=True,
            sqlite_where=sa.text("revoked_on IS NULL"),
            postgresql_where=sa.text("revoked_on IS NULL"),
        )

    op.create_table(
        "member_status_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "before",
            sa.Enum("active", "suspended", "left", name="memberstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "after",
            sa.Enum("active", "suspended", "left", name="memberstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["member.id"], name=op.f("fk_member_status_change_changed_by_member")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_status_change_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_status_change")),
    )
    with op.batch_alter_table("member_status_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_status_change_member_id"), ["member_id"], unique=False)

    op.create_table(
        "office_holding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "office",
            sa.Enum(
                "member",
                "membership_officer",
                "organiser",
                "case_worker",
                "negotiator",
                "election_committee",
                "trustee",
                "server_officer",
                name="office",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["member.id"], name=op.f("fk_office_holding_granted_by_member")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_office_holding_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_holding")),
    )
    with op.batch_alter_table("office_holding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_office_holding_member_id"), ["member_id"], unique=False)
        batch_op.create_index("ix_office_holding_office_until", ["office", "until"], unique=False)

    op.create_table(
        "user_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_user_session_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_member_id"), ["member_id"], unique=False)

    op.create_table(
        "agreement_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "union_working",
                "union_tabled",
                "employer_tabled",
                "tentative",
                "executed",
                "member_amendment",
                name="linekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("parent_line_id", sa.Uuid(), nullable=True),
        sa.Column("forked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_line_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["parent_line_id"],
            ["agreement_line.id"],
            name=op.f("fk_agreement_line_parent_line_id_agreement_line"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_line")),
    )
    with op.batch_alter_table("agreement_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_line_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "box",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("timestamp", sa.Integer(), nullable=False),
        sa.Column("accepting", sa.Boolean(), nullable=False),
        sa.Column("last_event", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"], name=op.f("fk_box_election_id_election")),
        sa.PrimaryKeyConstraint("election_id", name=op.f("pk_box")),
    )
    op.create_table(
        "box_ballot",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("tracker", sa.Text(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["election_id"], ["election.id"], name=op.f("fk_box_ballot_election_id_election")
        ),
        sa.PrimaryKeyConstraint("election_id", "tracker", name=op.f("pk_box_ballot")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("box_ballot", schema=None) as batch_op:
        batch_op.create_index(
            "ix_box_ballot_election_id_credential", ["election_id", "credential"], unique=False
        )
        batch_op.create_index("ix_box_ballot_election_id_height", ["election_id", "height"], unique=True)

    op.create_table(
        "box_credential",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["election_id"], ["election.id"], name=op.f("fk_box_credential_election_id_election")
        ),
        sa.PrimaryKeyConstraint("election_id", "credential", name=op.f("pk_box_credential")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "box_datum",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["election_id"], ["election.id"], name=op.f("fk_box_datum_election_id_election")
        ),
        sa.PrimaryKeyConstraint("election_id", "height", "place", name=op.f("pk_box_datum")),
    )
    op.create_table(
        "box_event",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["election_id"], ["election.id"], name=op.f("fk_box_event_election_id_election")
        ),
        sa.PrimaryKeyConstraint("election_id", "height", name=op.f("pk_box_event")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "election_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.Column("blank", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["election_id"], ["election.id"], name=op.f("fk_election_question_election_id_election")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_election_question")),
        sa.UniqueConstraint(
            "election_id", "position", name=op.f("uq_election_question_election_id_position")
        ),
    )
    with op.batch_alter_table("election_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_election_question_election_id"), ["election_id"], unique=False)

    op.create_table(
        "election_trustee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("share", sa.LargeBinary(), nullable=True),
        sa.Column("decrypted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["election_id"], ["election.id"], name=op.f("fk_election_trustee_election_id_election")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_election_trustee_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_election_trustee")),
        sa.UniqueConstraint(
            "election_id", "member_id", name=op.f("uq_election_trustee_election_id_member_id")
        ),
        sa.UniqueConstraint("election_id", "position", name=op.f("uq_election_trustee_election_id_position")),
    )
    with op.batch_alter_table("election_trustee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_election_trustee_election_id"), ["election_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_election_trustee_member_id"), ["member_id"], unique=False)

    op.create_table(
        "roll_voter",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("code_mailed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["election_id"], ["election.id"], name=op.f("fk_roll_voter_election_id_election")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_roll_voter_member_id_member")),
        sa.PrimaryKeyConstraint("election_id", "member_id", name=op.f("pk_roll_voter")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "preamble",
                "chapter",
                "section",
                "article",
                "paragraph",
                "item",
                "subitem",
                "supplement",
                "schedule",
                "signature",
                name="unitkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("library_path", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_unit_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "changeset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("merge_parent_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column(
            "party", sa.Enum("union", "employer", name="party", native_enum=False, length=40), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "deed",
            sa.Enum(
                "began",
                "added",
                "inserted",
                "changed",
                "merged",
                "moved",
                "removed",
                "restored",
                "filled",
                "assessed",
                "sealed",
                name="deed",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("manifest", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_changeset_author_id_member")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["agreement_line.id"], name=op.f("fk_changeset_line_id_agreement_line")
        ),
        sa.ForeignKeyConstraint(
            ["merge_parent_id"], ["changeset.id"], name=op.f("fk_changeset_merge_parent_id_changeset")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["changeset.id"], name=op.f("fk_changeset_parent_id_changeset")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changeset")),
        sa.UniqueConstraint("hash", name=op.f("uq_changeset_hash")),
        sa.UniqueConstraint("line_id", "number", name=op.f("uq_changeset_line_id_number")),
        sa.UniqueConstraint("line_id", "parent_id", name=op.f("uq_changeset_line_id_parent_id")),
    )
    op.create_table(
        "pairing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("ja_sha", sa.LargeBinary(), nullable=False),
        sa.Column("en_sha", sa.LargeBinary(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "checked", name="pairingstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_pairing_by_member")),
        sa.ForeignKeyConstraint(
            ["en_sha"], ["clause_text.sha256"], name=op.f("fk_pairing_en_sha_clause_text")
        ),
        sa.ForeignKeyConstraint(
            ["ja_sha"], ["clause_text.sha256"], name=op.f("fk_pairing_ja_sha_clause_text")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_pairing_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing")),
        sa.UniqueConstraint(
            "unit_id", "ja_sha", "en_sha", "state", name=op.f("uq_pairing_unit_id_ja_sha_en_sha_state")
        ),
    )
    with op.batch_alter_table("pairing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pairing_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "coverage",
        sa.Column("changeset_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changeset_id"], ["changeset.id"], name=op.f("fk_coverage_changeset_id_changeset")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_coverage_unit_id_unit")),
        sa.PrimaryKeyConstraint("changeset_id", "unit_id", "code", name=op.f("pk_coverage")),
    )
    op.create_table(
        "node",
        sa.Column("changeset_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("parent_unit_id", sa.Uuid(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changeset_id"], ["changeset.id"], name=op.f("fk_node_changeset_id_changeset")
        ),
        sa.ForeignKeyConstraint(["parent_unit_id"], ["unit.id"], name=op.f("fk_node_parent_unit_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_node_unit_id_unit")),
        sa.PrimaryKeyConstraint("changeset_id", "unit_id", name=op.f("pk_node")),
    )
    op.create_table(
        "sealed_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("changeset_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_by", sa.Uuid(), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_sealed_text_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["changeset_id"], ["changeset.id"], name=op.f("fk_sealed_text_changeset_id_changeset")
        ),
        sa.ForeignKeyConstraint(["sealed_by"], ["member.id"], name=op.f("fk_sealed_text_sealed_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_text")),
        sa.UniqueConstraint("agreement_id", "digest", name=op.f("uq_sealed_text_agreement_id_digest")),
    )
    with op.batch_alter_table("sealed_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sealed_text_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "unit_text",
        sa.Column("changeset_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text_sha", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changeset_id"], ["changeset.id"], name=op.f("fk_unit_text_changeset_id_changeset")
        ),
        sa.ForeignKeyConstraint(
            ["text_sha"], ["clause_text.sha256"], name=op.f("fk_unit_text_text_sha_clause_text")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_text_unit_id_unit")),
        sa.PrimaryKeyConstraint("changeset_id", "unit_id", "language", name=op.f("pk_unit_text")),
    )
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade():
    op.drop_table("unit_text")
    with op.batch_alter_table("sealed_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sealed_text_agreement_id"))

    op.drop_table("sealed_text")
    op.drop_table("node")
    op.drop_table("coverage")
    with op.batch_alter_table("pairing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pairing_unit_id"))

    op.drop_table("pairing")
    op.drop_table("changeset")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_agreement_id"))

    op.drop_table("unit")
    op.drop_table("roll_voter")
    with op.batch_alter_table("election_trustee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_election_trustee_member_id"))
        batch_op.drop_index(batch_op.f("ix_election_trustee_election_id"))

    op.drop_table("election_trustee")
    with op.batch_alter_table("election_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_election_question_election_id"))

    op.drop_table("election_question")
    op.drop_table("box_event")
    op.drop_table("box_datum")
    op.drop_table("box_credential")
    with op.batch_alter_table("box_ballot", schema=None) as batch_op:
        batch_op.drop_index("ix_box_ballot_election_id_height")
        batch_op.drop_index("ix_box_ballot_election_id_credential")

    op.drop_table("box_ballot")
    op.drop_table("box")
    with op.batch_alter_table("agreement_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_line_agreement_id"))

    op.drop_table("agreement_line")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_member_id"))

    op.drop_table("user_session")
    with op.batch_alter_table("office_holding", schema=None) as batch_op:
        batch_op.drop_index("ix_office_holding_office_until")
        batch_op.drop_index(batch_op.f("ix_office_holding_member_id"))

    op.drop_table("office_holding")
    with op.batch_alter_table("member_status_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_status_change_member_id"))

    op.drop_table("member_status_change")
    with op.batch_alter_table("handler_key", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_handler_key_member_id_active",
            sqlite_where=sa.text("revoked_on IS NULL"),
            postgresql_where=sa.text("revoked_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_handler_key_member_id"))

    op.drop_table("handler_key")
    op.drop_table("election")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index("ix_application_state_confirmed_at")
        batch_op.drop_index(batch_op.f("ix_application_email_key"))

    op.drop_table("application")
    op.drop_table("agreement")
    op.drop_table("account")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index("ix_member_sort_key_id")
        batch_op.drop_index(batch_op.f("ix_member_name_key"))
        batch_op.drop_index(batch_op.f("ix_member_import_id"))

    op.drop_table("member")
    with op.batch_alter_table("case_wrap", schema=None) as batch_op:
        batch_op.drop_index("ix_case_wrap_recipient")

    op.drop_table("case_wrap")
    op.drop_table("case_message")
    with op.batch_alter_table("case_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_attachment_case_id"))

    op.drop_table("case_attachment")
    with op.batch_alter_table("outbox_job", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_job_open")

    op.drop_table("outbox_job")
    op.drop_table("import_batch")
    op.drop_table("grievance_case")
    op.drop_table("clause_text")
    op.drop_table("audit_event")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_attempt_bucket_at")

    op.drop_table("attempt")
    if op.get_bind().dialect.name == "postgresql":
        for function in FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}()")
