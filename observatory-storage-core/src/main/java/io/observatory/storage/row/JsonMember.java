package io.observatory.storage.row;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Finds a member in the JSON of a row, as {@link Json} has written it: an object, well
 * formed, without white space. Only what is between the members is looked at.
 */
final class JsonMember {

	private final byte[] json;

	private int position;

	private JsonMember(byte[] json, int position) {
		this.json = json;
		this.position = position;
	}

	/**
	 * Returns the JSON of the member of that name of the object that begins at the
	 * offset, or null.
	 * @param name the name as it is written, in quotes
	 */
	static @Nullable String find(byte[] json, int offset, byte[] name) {
		return new JsonMember(json, offset + 1).find(name);
	}

	private @Nullable String find(byte[] name) {
		while (this.json[this.position] != '}') {
			int start = this.position;
			skipString();
			boolean found = Arrays.equals(this.json, start, this.position, name, 0, name.length);
			int value = ++this.position;
			skipValue();
			if (found) {
				return new String(this.json, value, this.position - value, StandardCharsets.UTF_8);
			}
			if (this.json[this.position] == ',') {
				this.position++;
			}
		}
		return null;
	}

	private void skipValue() {
		int depth = 0;
		do {
			switch (this.json[this.position]) {
				case '"' -> skipString();
				case '{', '[' -> {
					depth++;
					this.position++;
				}
				case '}', ']' -> {
					depth--;
					this.position++;
				}
				case ',', ':' -> this.position++;
				default -> skipLiteral();
			}
		}
		while (depth > 0);
	}

	private void skipString() {
		this.position++;
		while (this.json[this.position] != '"') {
			this.position += (this.json[this.position] == '\\') ? 2 : 1;
		}
		this.position++;
	}

	private void skipLiteral() {
		while (this.json[this.position] != ',' && this.json[this.position] != '}' && this.json[this.position] != ']') {
			this.position++;
		}
	}

}
