# Written by apigen from apigen.yaml. Yours from now on: regenerate writes the next one.
"""Make all tables.

Revision ID: dd83ae3fcf81
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

from chinook.support.infrastructure.column_types import ScaledDecimal, UtcDateTime

revision = "dd83ae3fcf81"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, those that others refer to first."""
    op.create_table(
        "artists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_artists"),
        sa.CheckConstraint(
            'length("name") >= 1 AND length("name") <= 120', name="ck_artists_name_length"
        ),
        sa.UniqueConstraint("name", name="uq_artists_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "genres",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_genres"),
        sa.CheckConstraint(
            'length("name") >= 1 AND length("name") <= 120', name="ck_genres_name_length"
        ),
        sa.UniqueConstraint("name", name="uq_genres_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "media_types",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_media_types"),
        sa.CheckConstraint(
            'length("name") >= 1 AND length("name") <= 120', name="ck_media_types_name_length"
        ),
        sa.UniqueConstraint("name", name="uq_media_types_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "playlists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_playlists"),
        sa.CheckConstraint(
            'length("name") >= 1 AND length("name") <= 120', name="ck_playlists_name_length"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "employees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(20), nullable=False),
        sa.Column("last_name", sa.String(20), nullable=False),
        sa.Column("title", sa.String(30), nullable=True),
        sa.Column("reports_to_id", sa.Integer(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("hire_date", sa.Date(), nullable=True),
        sa.Column("address_street", sa.String(70), nullable=False),
        sa.Column("address_city", sa.String(40), nullable=False),
        sa.Column("address_state", sa.String(40), nullable=True),
        sa.Column("address_country", sa.String(40), nullable=False),
        sa.Column("address_postal_code", sa.String(10), nullable=True),
        sa.Column("phone", sa.String(24), nullable=True),
        sa.Column("fax", sa.String(24), nullable=True),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_employees"),
        sa.ForeignKeyConstraint(
            ["reports_to_id"],
            ["employees.id"],
            name="fk_employees_reports_to_id",
            ondelete="SET NULL",
        ),
        sa.CheckConstraint(
            'length("first_name") >= 1 AND length("first_name") <= 20',
            name="ck_employees_first_name_length",
        ),
        sa.CheckConstraint(
            'length("last_name") >= 1 AND length("last_name") <= 20',
            name="ck_employees_last_name_length",
        ),
        sa.CheckConstraint(
            'length("title") >= 1 AND length("title") <= 30', name="ck_employees_title_length"
        ),
        sa.CheckConstraint(
            'length("address_street") >= 1 AND length("address_street") <= 70',
            name="ck_employees_address_street_length",
        ),
        sa.CheckConstraint(
            'length("address_city") >= 1 AND length("address_city") <= 40',
            name="ck_employees_address_city_length",
        ),
        sa.CheckConstraint(
            'length("address_state") >= 1 AND length("address_state") <= 40',
            name="ck_employees_address_state_length",
        ),
        sa.CheckConstraint(
            'length("address_country") >= 1 AND length("address_country") <= 40',
            name="ck_employees_address_country_length",
        ),
        sa.CheckConstraint(
            ('length("address_postal_code") >= 1 AND length("address_postal_code") <= 10'),
            name="ck_employees_address_postal_code_length",
        ),
        sa.CheckConstraint(
            'length("phone") >= 1 AND length("phone") <= 24', name="ck_employees_phone_length"
        ),
        sa.CheckConstraint(
            'length("fax") >= 1 AND length("fax") <= 24', name="ck_employees_fax_length"
        ),
        sa.CheckConstraint('length("email") <= 254', name="ck_employees_email_length"),
        sa.CheckConstraint(
            sa.or_(
                sa.column("reports_to_id", sa.Integer()).is_(None),
                sa.column("reports_to_id", sa.Integer()) != sa.column("id", sa.Integer()),
            ),
            name="ck_employees_not_their_own_boss",
        ),
        sa.CheckConstraint(
            sa.or_(
                sa.column("birth_date", sa.Date()).is_(None),
                sa.column("hire_date", sa.Date()).is_(None),
                sa.column("birth_date", sa.Date()) < sa.column("hire_date", sa.Date()),
            ),
            name="ck_employees_hired_after_birth",
        ),
        sa.UniqueConstraint("email", name="uq_employees_email"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_employees_reports_to_id", "employees", ["reports_to_id"])
    op.create_table(
        "albums",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("artist_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_albums"),
        sa.ForeignKeyConstraint(
            ["artist_id"], ["artists.id"], name="fk_albums_artist_id", ondelete="RESTRICT"
        ),
        sa.CheckConstraint(
            'length("title") >= 1 AND length("title") <= 160', name="ck_albums_title_length"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_albums_by_artist_and_title", "albums", ["artist_id", "title"])
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(40), nullable=False),
        sa.Column("last_name", sa.String(20), nullable=False),
        sa.Column("company", sa.String(80), nullable=True),
        sa.Column("address_street", sa.String(70), nullable=False),
        sa.Column("address_city", sa.String(40), nullable=False),
        sa.Column("address_state", sa.String(40), nullable=True),
        sa.Column("address_country", sa.String(40), nullable=False),
        sa.Column("address_postal_code", sa.String(10), nullable=True),
        sa.Column("phone", sa.String(24), nullable=True),
        sa.Column("fax", sa.String(24), nullable=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("support_rep_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.ForeignKeyConstraint(
            ["support_rep_id"],
            ["employees.id"],
            name="fk_customers_support_rep_id",
            ondelete="SET NULL",
        ),
        sa.CheckConstraint(
            'length("first_name") >= 1 AND length("first_name") <= 40',
            name="ck_customers_first_name_length",
        ),
        sa.CheckConstraint(
            'length("last_name") >= 1 AND length("last_name") <= 20',
            name="ck_customers_last_name_length",
        ),
        sa.CheckConstraint(
            'length("company") >= 1 AND length("company") <= 80', name="ck_customers_company_length"
        ),
        sa.CheckConstraint(
            'length("address_street") >= 1 AND length("address_street") <= 70',
            name="ck_customers_address_street_length",
        ),
        sa.CheckConstraint(
            'length("address_city") >= 1 AND length("address_city") <= 40',
            name="ck_customers_address_city_length",
        ),
        sa.CheckConstraint(
            'length("address_state") >= 1 AND length("address_state") <= 40',
            name="ck_customers_address_state_length",
        ),
        sa.CheckConstraint(
            'length("address_country") >= 1 AND length("address_country") <= 40',
            name="ck_customers_address_country_length",
        ),
        sa.CheckConstraint(
            ('length("address_postal_code") >= 1 AND length("address_postal_code") <= 10'),
            name="ck_customers_address_postal_code_length",
        ),
        sa.CheckConstraint(
            'length("phone") >= 1 AND length("phone") <= 24', name="ck_customers_phone_length"
        ),
        sa.CheckConstraint(
            'length("fax") >= 1 AND length("fax") <= 24', name="ck_customers_fax_length"
        ),
        sa.CheckConstraint('length("email") <= 254', name="ck_customers_email_length"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_customers_email",
        "customers",
        ["email"],
        unique=True,
        sqlite_where=sa.text("NOT is_deleted"),
        postgresql_where=sa.text("NOT is_deleted"),
    )
    op.create_index("ix_customers_support_rep_id", "customers", ["support_rep_id"])
    op.create_table(
        "tracks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("album_id", sa.Integer(), nullable=True),
        sa.Column("media_type_id", sa.Integer(), nullable=False),
        sa.Column("genre_id", sa.Integer(), nullable=True),
        sa.Column("composer", sa.String(220), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=True),
        sa.Column("unit_price", ScaledDecimal(10, 2), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tracks"),
        sa.ForeignKeyConstraint(
            ["album_id"], ["albums.id"], name="fk_tracks_album_id", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["media_type_id"],
            ["media_types.id"],
            name="fk_tracks_media_type_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["genre_id"], ["genres.id"], name="fk_tracks_genre_id", ondelete="RESTRICT"
        ),
        sa.CheckConstraint(
            'length("name") >= 1 AND length("name") <= 200', name="ck_tracks_name_length"
        ),
        sa.CheckConstraint(
            'length("composer") >= 1 AND length("composer") <= 220',
            name="ck_tracks_composer_length",
        ),
        sa.CheckConstraint('"milliseconds" >= 1', name="ck_tracks_milliseconds_range"),
        sa.CheckConstraint('"bytes" >= 1', name="ck_tracks_bytes_range"),
        sa.CheckConstraint('"unit_price" >= 0', name="ck_tracks_unit_price_range"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tracks_album_id", "tracks", ["album_id"])
    op.create_index("ix_tracks_media_type_id", "tracks", ["media_type_id"])
    op.create_index("ix_tracks_genre_id", "tracks", ["genre_id"])
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("invoice_date", UtcDateTime(), nullable=False),
        sa.Column("billing_address_street", sa.String(70), nullable=False),
        sa.Column("billing_address_city", sa.String(40), nullable=False),
        sa.Column("billing_address_state", sa.String(40), nullable=True),
        sa.Column("billing_address_country", sa.String(40), nullable=False),
        sa.Column("billing_address_postal_code", sa.String(10), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invoices"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_invoices_customer_id", ondelete="RESTRICT"
        ),
        sa.CheckConstraint(
            ('length("billing_address_street") >= 1 AND length("billing_address_street") <= 70'),
            name="ck_invoices_billing_address_street_length",
        ),
        sa.CheckConstraint(
            ('length("billing_address_city") >= 1 AND length("billing_address_city") <= 40'),
            name="ck_invoices_billing_address_city_length",
        ),
        sa.CheckConstraint(
            ('length("billing_address_state") >= 1 AND length("billing_address_state") <= 40'),
            name="ck_invoices_billing_address_state_length",
        ),
        sa.CheckConstraint(
            ('length("billing_address_country") >= 1 AND length("billing_address_country") <= 40'),
            name="ck_invoices_billing_address_country_length",
        ),
        sa.CheckConstraint(
            (
                'length("billing_address_postal_code") >= 1 AND '
                'length("billing_address_postal_code") <= 10'
            ),
            name="ck_invoices_billing_address_postal_code_length",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invoices_customer_id", "invoices", ["customer_id"])
    op.create_table(
        "playlists_tracks",
        sa.Column("playlist_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("track_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("playlist_id", "track_id", name="pk_playlists_tracks"),
        sa.ForeignKeyConstraint(
            ["playlist_id"],
            ["playlists.id"],
            name="fk_playlists_tracks_playlist_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["tracks.id"], name="fk_playlists_tracks_track_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_playlists_tracks_track_id", "playlists_tracks", ["track_id"])
    op.create_table(
        "invoice_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("unit_price", ScaledDecimal(10, 2), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invoice_lines"),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name="fk_invoice_lines_invoice_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint('"unit_price" >= 0', name="ck_invoice_lines_unit_price_range"),
        sa.CheckConstraint(
            '"quantity" >= 1 AND "quantity" <= 999', name="ck_invoice_lines_quantity_range"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invoice_lines_invoice_id", "invoice_lines", ["invoice_id"])


def downgrade() -> None:
    """Drop the tables, in the opposite order."""
    op.drop_table("invoice_lines")
    op.drop_table("playlists_tracks")
    op.drop_table("invoices")
    op.drop_table("tracks")
    op.drop_table("customers")
    op.drop_table("albums")
    op.drop_table("employees")
    op.drop_table("playlists")
    op.drop_table("media_types")
    op.drop_table("genres")
    op.drop_table("artists")
