package io.observatory.storage.deadletter;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

import io.observatory.storage.error.StorageException;
import io.observatory.storage.sending.TableStores;
import io.observatory.storage.table.Table;

/**
 * A row of {@code dead_letters}, with content.
 *
 * @param id its id
 * @param tableName where its row belongs
 * @param format the version of its table's rows
 * @param bytes the row
 */
record StoredLetter(UUID id, String tableName, int format, byte[] bytes) {

	static final String COLUMNS = "id, table_name, row_format, row_bytes";

	static StoredLetter read(ResultSet row) throws SQLException {
		return new StoredLetter(row.getObject(1, UUID.class), row.getString(2), row.getInt(3), row.getBytes(4));
	}

	/**
	 * Returns the table that the row is of.
	 * @throws StorageException when there is none
	 */
	Table<?> table(TableStores stores) {
		return stores.table(this.tableName).orElseThrow(() -> unreadable("it is of a table unknown here"));
	}

	/**
	 * Returns the row with all of the table's columns, those too that came after it.
	 * @throws StorageException saying why the bytes cannot be read
	 */
	byte[] row(Table<?> table) {
		if (this.format > table.version()) {
			throw unreadable("its row format is " + this.format + ", and up to " + table.version() + " is read here");
		}
		byte[] row = table.read(this.format, this.bytes);
		if (row == null) {
			throw unreadable("its bytes are damaged: they are not a row of " + this.tableName);
		}
		return row;
	}

	/** Without the id: letters are counted by their reason. */
	private static StorageException unreadable(String why) {
		return new StorageException("The dead letter cannot be read: " + why, false, null);
	}

	@Override
	public String toString() {
		return "StoredLetter[" + this.id + "]";
	}

}
