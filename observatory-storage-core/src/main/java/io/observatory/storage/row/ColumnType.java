package io.observatory.storage.row;

/**
 * The PostgreSQL types that our columns have.
 */
public enum ColumnType {

	UUID("uuid"), TEXT("text"), TIMESTAMPTZ("timestamptz"), SMALLINT("int2"), INTEGER("int4"), BIGINT("int8"),
	DOUBLE("float8"), JSONB("jsonb");

	private final String sqlName;

	ColumnType(String sqlName) {
		this.sqlName = sqlName;
	}

	/** Returns the type's name in SQL. */
	public String sqlName() {
		return this.sqlName;
	}

}
