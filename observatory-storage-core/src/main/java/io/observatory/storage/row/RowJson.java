package io.observatory.storage.row;

import java.io.StringWriter;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Renders an encoded row as JSON, for people: an object with a member for each column.
 * Ids and times are strings, and so are NaN and the infinities; a jsonb column appears as
 * the JSON it is, or as a string if it is none.
 */
public final class RowJson {

	private static final JsonFactory FACTORY = new JsonFactory();

	private RowJson() {
	}

	/**
	 * Renders a row.
	 * @param row the bytes, which {@link RowFormat#isRow} must have found good
	 */
	public static String render(List<Column> columns, byte[] row) {
		StringWriter text = new StringWriter();
		RowDecoder decoder = Rows.one(row).decoder();
		decoder.next();
		try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
			json.writeStartObject();
			for (Column column : columns) {
				json.writeName(column.name());
				value(json, column.type(), decoder.text(column.type()));
			}
			json.writeEndObject();
		}
		return text.toString();
	}

	private static void value(JsonGenerator json, ColumnType type, @Nullable String text) {
		if (text == null) {
			json.writeNull();
			return;
		}
		switch (type) {
			case SMALLINT, INTEGER, BIGINT -> json.writeNumber(Long.parseLong(text));
			case DOUBLE -> json.writeNumber(Double.parseDouble(text));
			case JSONB -> json(json, text);
			case UUID, TEXT, TIMESTAMPTZ -> json.writeString(text);
		}
	}

	private static void json(JsonGenerator json, String text) {
		if (isJson(text)) {
			json.writeRawValue(text);
		}
		else {
			json.writeString(text);
		}
	}

	private static boolean isJson(String text) {
		try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
			boolean hasValue = parser.nextToken() != null;
			parser.skipChildren();
			return hasValue && parser.nextToken() == null;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

}
