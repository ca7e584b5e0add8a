package io.observatory.storage.error;

/**
 * A record is invalid. No record of the call was accepted. The message names the record's
 * type and field, never its content.
 */
public class InvalidRecordException extends StorageException {

	private static final long serialVersionUID = 1L;

	private final String recordType;

	private final String field;

	public InvalidRecordException(String recordType, String field, String problem) {
		super(recordType + "." + field + ": " + problem, false, null);
		this.recordType = recordType;
		this.field = field;
	}

	/** Returns the simple name of the record's type. */
	public String recordType() {
		return this.recordType;
	}

	/** Returns the field at fault. */
	public String field() {
		return this.field;
	}

}
