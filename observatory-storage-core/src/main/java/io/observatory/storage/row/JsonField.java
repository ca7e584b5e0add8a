package io.observatory.storage.row;

import java.io.OutputStream;
import java.util.List;
import java.util.Map;

import io.observatory.storage.error.StorageException;
import io.observatory.storage.row.JsonObject.Members;
import org.jspecify.annotations.Nullable;

/**
 * Writes a value as a field of jsonb, cut until it fits the policy's bound.
 */
final class JsonField {

	private static final TooLarge TOO_LARGE = new TooLarge();

	private final RowBytes bytes;

	private final InputIssues issues;

	private final Json json;

	private int end;

	JsonField(RowBytes bytes, InputIssues issues) {
		this.bytes = bytes;
		this.issues = issues;
		this.json = new Json(new Output(), issues);
	}

	/**
	 * Writes one value.
	 * @param members how each element of the value becomes an object, or null where they
	 * are plain values
	 */
	void write(Object value, @Nullable Members<?> members) {
		int start = this.bytes.length();
		int replaced = this.issues.replaced();
		int truncated = this.issues.truncated();
		int max = this.issues.policy().maxJsonBytes();
		int maxText = Integer.MAX_VALUE;
		while (!fits(value, members, maxText)) {
			this.bytes.truncate(start);
			this.issues.reset(replaced, truncated);
			this.issues.cut("is larger than " + max + " bytes");
			// the largest values are cut first, and shorter with each round
			maxText = Math.min(maxText, max) / 4;
			if (maxText < 16) {
				Map<String, String> marker = Map.of("cut", "larger than " + max + " bytes");
				value = (value instanceof Map) ? marker : List.of(marker);
				members = null;
				maxText = Integer.MAX_VALUE;
			}
		}
		this.bytes.lengthAt(start);
	}

	private boolean fits(Object value, @Nullable Members<?> members, int maxText) {
		this.bytes.length(0);
		this.bytes.put(RowFormat.JSONB_VERSION);
		this.end = this.bytes.length() + this.issues.policy().maxJsonBytes();
		try {
			this.json.write(value, members, maxText);
			return true;
		}
		catch (TooLarge ex) {
			return false;
		}
		catch (StorageException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			// by its type alone: what a caller's value throws might show its content
			throw this.issues.refused("could not be read (" + ex.getClass().getName()
					+ "); values must not change while they are written");
		}
	}

	/** Where the JSON generator's bytes go: straight into the row. */
	private final class Output extends OutputStream {

		@Override
		public void write(int value) {
			write(new byte[] { (byte) value }, 0, 1);
		}

		@Override
		public void write(byte[] source, int offset, int count) {
			if (count > JsonField.this.end - JsonField.this.bytes.length()) {
				throw TOO_LARGE;
			}
			JsonField.this.bytes.put(source, offset, count);
		}

	}

	/**
	 * Says that a JSON value passed its bound. Has no stack trace, and there is only one.
	 */
	private static final class TooLarge extends RuntimeException {

		private static final long serialVersionUID = 1L;

		TooLarge() {
			super("JSON too large", null, false, false);
		}

	}

}
