package io.observatory.storage.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import io.observatory.storage.redact.AttributeNames.Name;
import io.observatory.storage.redact.text.CardMasker;
import io.observatory.storage.redact.text.NamedValue;
import io.observatory.storage.redact.text.NamedValueMasker;
import io.observatory.storage.redact.text.Placeholders;
import io.observatory.storage.redact.text.Replacements;
import io.observatory.storage.redact.text.SecretNames.Secrecy;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * Masks text that is JSON (RFC 8259), or several JSON texts one after the other, value by
 * value: what comes out is JSON of the same structure, and what is not masked is as it
 * was written. Thread-safe.
 */
final class JsonMasker {

	/** What is nested deeper is masked as any other text. */
	private static final int MAX_DEPTH = 5_000;

	/** Names that strangers make up are not kept. */
	private static final JsonFactory FACTORY = JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder()
			.maxNestingDepth(MAX_DEPTH)
			.maxNumberLength(Integer.MAX_VALUE)
			.maxNameLength(Integer.MAX_VALUE)
			.maxStringLength(Integer.MAX_VALUE)
			.build())
		.disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
		.build();

	private final AttributeNames names;

	private final UnaryOperator<String> text;

	private final boolean cards;

	JsonMasker(AttributeNames names, UnaryOperator<String> text, boolean cards) {
		this.names = names;
		this.text = text;
		this.cards = cards;
	}

	/**
	 * Returns whether it is worth the trouble to read the text: whether it begins and
	 * ends as JSON that holds texts does.
	 */
	static boolean mayBe(String text) {
		int last = text.length() - 1;
		while (last > 0 && text.charAt(last) <= ' ') {
			last--;
		}
		int first = skipSpaces(text, 0, last);
		return switch ((last > first) ? text.charAt(first) : ' ') {
			case '{' -> text.charAt(last) == '}' && "\"}".indexOf(text.charAt(skipSpaces(text, first + 1, last))) >= 0;
			case '[' -> text.charAt(last) == ']'
					&& "\"{[]-0123456789tfn".indexOf(text.charAt(skipSpaces(text, first + 1, last))) >= 0;
			case '"' -> text.charAt(last) == '"';
			default -> false;
		};
	}

	private static int skipSpaces(String text, int from, int last) {
		int index = from;
		while (index < last && text.charAt(index) <= ' ') {
			index++;
		}
		return index;
	}

	/**
	 * Returns the text masked, the text itself if there is nothing to mask, or null if it
	 * is not JSON.
	 */
	@Nullable String mask(String text) {
		try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
			return new Document(text, parser).mask();
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	/** One text on its way. */
	private final class Document {

		private final String json;

		private final JsonParser parser;

		private final Replacements replacements;

		/** What is said of each object and list around. */
		private final List<Secrecy> around = new ArrayList<>();

		/** What is said of the value that comes. */
		private Secrecy secrecy = Secrecy.NONE;

		/** The text before in the same list, or an empty one. */
		private String before = "";

		/** What the name in {@code {"name": …, "value": …}} says. */
		private final NamedPair pair = new NamedPair();

		Document(String json, JsonParser parser) {
			this.json = json;
			this.parser = parser;
			this.replacements = new Replacements(json);
		}

		String mask() {
			for (JsonToken token = this.parser.nextToken(); token != null; token = this.parser.nextToken()) {
				if (token != JsonToken.VALUE_STRING) {
					this.before = "";
				}
				switch (token) {
					case PROPERTY_NAME -> name(this.parser.currentName());
					case START_OBJECT, START_ARRAY -> this.around.add(this.secrecy);
					case END_OBJECT, END_ARRAY -> end();
					case VALUE_STRING -> string(this.parser.getString());
					case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(this.parser.getString());
					default -> {
						// a flag or null is no secret
					}
				}
			}
			return this.replacements.result();
		}

		private void name(String given) {
			Name name = JsonMasker.this.names.get(given);
			Secrecy paired = this.pair.valueAfter(given, this.around.size());
			this.secrecy = name
				.secrecyWithin((paired != Secrecy.NONE) ? paired : this.around.get(this.around.size() - 1));
			if (!name.masked().equals(given)) {
				replace(start(), stringEnd(start()), name.masked());
			}
		}

		/** A name sets it anew, in a list it is the list's. */
		private void end() {
			this.around.remove(this.around.size() - 1);
			this.secrecy = this.around.isEmpty() ? Secrecy.NONE : this.around.get(this.around.size() - 1);
		}

		private void string(String given) {
			if (this.pair.isName(this.around.size())) {
				this.pair.named(JsonMasker.this.names.get(given).secrecy());
			}
			boolean named = this.secrecy != Secrecy.NONE
					|| NamedPair.isListed(this.before, given, JsonMasker.this.names);
			this.before = this.parser.streamReadContext().inArray() ? given : "";
			boolean secret = named && !Placeholders.contain(given)
					&& !NamedValue.isBesideProbability(this.json, stringEnd(start()));
			String masked = secret ? NamedValueMasker.MASK : JsonMasker.this.text.apply(given);
			if (!masked.equals(given)) {
				replace(start(), stringEnd(start()), masked);
			}
		}

		private void number(String given) {
			if (this.secrecy == Secrecy.ALL) {
				replace(start(), start() + given.length(), NamedValueMasker.MASK);
			}
			else if (JsonMasker.this.cards && CardMasker.isCard(given)) {
				replace(start(), start() + given.length(), SecretKind.CARD.mask());
			}
		}

		private int start() {
			return (int) this.parser.currentTokenLocation().getCharOffset();
		}

		private int stringEnd(int start) {
			int end = start + 1;
			while (this.json.charAt(end) != '"') {
				end += (this.json.charAt(end) == '\\') ? 2 : 1;
			}
			return end + 1;
		}

		private void replace(int from, int to, String text) {
			this.replacements.replace(from, to,
					'"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"');
		}

	}

}
