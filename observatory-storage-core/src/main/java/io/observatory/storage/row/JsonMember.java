package io.observatory.storage.row;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Finds a member in the JSON of a row, without reading more than needed.
 */
final class JsonMember {

	/** What is in a row has been bounded already; names are not worth remembering. */
	private static final JsonFactory FACTORY = JsonFactory.builder()
		.disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
		.streamReadConstraints(StreamReadConstraints.builder()
			.maxNameLength(Integer.MAX_VALUE)
			.maxNumberLength(Integer.MAX_VALUE)
			.maxStringLength(Integer.MAX_VALUE)
			.maxNestingDepth(Integer.MAX_VALUE)
			.build())
		.build();

	private JsonMember() {
	}

	/**
	 * Returns the JSON of the member of that name of the object, or null.
	 */
	static @Nullable String find(byte[] json, int offset, int length, String name) {
		try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json, offset, length)) {
			parser.nextToken();
			while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
				boolean found = name.equals(parser.currentName());
				parser.nextToken();
				int start = offset + (int) parser.currentTokenLocation().getByteOffset();
				parser.skipChildren();
				if (found) {
					parser.finishToken();
					int end = offset + (int) parser.currentLocation().getByteOffset();
					return new String(json, start, end - start, StandardCharsets.UTF_8);
				}
			}
			return null;
		}
	}

}
