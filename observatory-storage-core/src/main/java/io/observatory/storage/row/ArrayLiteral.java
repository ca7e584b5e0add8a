package io.observatory.storage.row;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An array as PostgreSQL reads it (PostgreSQL manual, "Array Input and Output Syntax"),
 * written value by value. Not thread-safe; may be reused.
 */
public final class ArrayLiteral {

	private static final long MICROS = 1_000_000;

	private final StringBuilder text = new StringBuilder("{");

	private final IsoTime time = new IsoTime();

	/** Adds a text, or the text form of a value. */
	public void text(@Nullable String value) {
		begin();
		if (value == null) {
			this.text.append("NULL");
			return;
		}
		this.text.append('"');
		for (int i = 0; i < value.length(); i++) {
			char character = value.charAt(i);
			if (character == '"' || character == '\\') {
				this.text.append('\\');
			}
			this.text.append(character);
		}
		this.text.append('"');
	}

	/** Adds a number. */
	public void number(long value) {
		begin();
		this.text.append(value);
	}

	/** Adds a time, in microseconds after 1970. */
	public void time(long micros) {
		begin();
		this.time.append(Math.floorDiv(micros, MICROS), (int) Math.floorMod(micros, MICROS) * 1000, this.text);
	}

	/** Adds an id. */
	public void uuid(UUID value) {
		begin();
		hex(value.getMostSignificantBits());
		hex(value.getLeastSignificantBits());
	}

	private void hex(long bits) {
		for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
			this.text.append(Character.forDigit((int) (bits >>> shift) & 0xf, 16));
		}
	}

	private void begin() {
		if (this.text.length() > 1) {
			this.text.append(',');
		}
	}

	/** Returns the array of the values until now, and begins another one. */
	public String end() {
		String array = this.text.append('}').toString();
		this.text.setLength(1);
		return array;
	}

}
