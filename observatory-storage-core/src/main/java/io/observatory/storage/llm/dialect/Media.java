package io.observatory.storage.llm.dialect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * An image, a sound, a video or a document by its kind and its address or size, never by
 * its bytes, whichever shape it came in: OpenAI's {@code image_url} and
 * {@code input_audio}, Anthropic's and Bedrock's {@code source}, Gemini's
 * {@code inline_data}, the AI SDK's {@code image} and {@code file}, OpenTelemetry's
 * {@code blob}, {@code uri} and {@code file}. They have in common that somewhere inside
 * there is an address, or bytes, and perhaps what they are.
 */
final class Media {

	/** What holds bytes in one shape or another. */
	private static final Set<String> BYTES = Set.of("data", "bytes", "base64", "content", "source", "image",
			"file_data", "b64_json", "url", "audio", "buffer");

	private static final Set<String> MIME_TYPES = Set.of("mime_type", "mimeType", "media_type", "mediaType");

	private static final Set<String> IDS = Set.of("file_id", "fileId");

	private static final Pattern DATA_URL = Pattern.compile("data:([^;,]*)(?:;[^,;]*)*,(.*)", Pattern.DOTALL);

	private static final Pattern INLINE = Pattern
		.compile("data:([\\w.+-]++/[\\w.+-]++)(?:;[\\w=.+-]++)*+;base64,([A-Za-z0-9+/=_-]++)");

	/** No word of any language is that long. */
	private static final Pattern LONG_RUN = Pattern.compile("[A-Za-z0-9+/_-]{400,}+={0,2}");

	private static final int MAX_DEPTH = 8;

	private @Nullable String mimeType;

	private @Nullable String format;

	private @Nullable String address;

	private @Nullable String fileId;

	private long size = -1;

	private Media() {
	}

	/**
	 * Returns a part of the convention's shape: {@code uri}, {@code file}, or
	 * {@code blob} with a number of bytes.
	 * @param kind what the sender calls it, such as {@code image_url}
	 * @param json the sender's part
	 */
	static Map<String, Object> part(String kind, Map<?, ?> json) {
		Media media = new Media();
		media.read(json, 0);
		return media.part(kind, (json.get("modality") instanceof String modality) ? modality : null);
	}

	private Map<String, Object> part(String kind, @Nullable String modality) {
		Map<String, Object> part = new LinkedHashMap<>();
		part.put("type", (this.address != null) ? "uri" : (this.fileId != null) ? "file" : "blob");
		part.put("modality", (modality != null) ? modality : modality(kind));
		put(part, "mime_type", this.mimeType);
		put(part, "format", this.format);
		put(part, "uri", this.address);
		put(part, "file_id", this.fileId);
		if (this.address == null && this.size >= 0) {
			part.put("bytes", this.size);
		}
		return part;
	}

	private String modality(String kind) {
		String hint = ((this.mimeType != null) ? this.mimeType : kind).toLowerCase(Locale.ROOT);
		for (String modality : List.of("image", "audio", "video")) {
			if (hint.contains(modality)) {
				return modality;
			}
		}
		return "document";
	}

	private void read(Map<?, ?> json, int depth) {
		json.forEach((key, value) -> {
			String name = String.valueOf(key);
			if (value instanceof String text) {
				readText(name, text);
			}
			else if (value instanceof Map<?, ?> map && depth < MAX_DEPTH) {
				read(map, depth + 1);
			}
			else if (BYTES.contains(name) && value instanceof List<?> bytes) {
				this.size = bytes.size();
			}
			else if (name.equals("bytes") && value instanceof Number number) {
				this.size = number.longValue();
			}
		});
		if (this.size < 0 && this.address == null && json.containsKey("0") && json.get("0") instanceof Number) {
			// a JavaScript array of bytes
			this.size = json.size();
		}
	}

	private void readText(String name, String text) {
		Matcher data = DATA_URL.matcher(text);
		if (MIME_TYPES.contains(name)) {
			this.mimeType = text;
		}
		else if (name.equals("format")) {
			this.format = text;
		}
		else if (IDS.contains(name)) {
			this.fileId = text;
		}
		else if (data.matches()) {
			this.mimeType = data.group(1).isEmpty() ? this.mimeType : data.group(1);
			this.size = size(data.group(2));
		}
		else if (isAddress(text)) {
			this.address = text;
		}
		else if (BYTES.contains(name)) {
			this.size = size(text);
		}
	}

	private static boolean isAddress(String text) {
		return text.length() <= 2_000 && text.matches("[a-zA-Z][a-zA-Z0-9+.-]{1,10}://.*");
	}

	private static long size(String base64) {
		int length = base64.length();
		while (length > 0 && base64.charAt(length - 1) == '=') {
			length--;
		}
		return length * 3L / 4;
	}

	/** Returns a text without the bytes that stand in it as base64. */
	static String withoutBytes(String text) {
		if (text.length() < 400 && !text.contains(";base64,")) {
			return text;
		}
		String named = INLINE.matcher(text)
			.replaceAll(
					(data) -> Matcher.quoteReplacement("(" + data.group(1) + ", " + size(data.group(2)) + " bytes)"));
		return LONG_RUN.matcher(named)
			.replaceAll((run) -> isBytes(run.group()) ? "(" + size(run.group()) + " bytes)" : "$0");
	}

	/** Of bytes in base64 there are digits and letters of both cases in such a length. */
	private static boolean isBytes(String run) {
		boolean digit = false;
		boolean lower = false;
		boolean upper = false;
		for (int i = 0; i < run.length(); i++) {
			digit |= Character.isDigit(run.charAt(i));
			lower |= Character.isLowerCase(run.charAt(i));
			upper |= Character.isUpperCase(run.charAt(i));
		}
		return (digit && lower && upper) || run.chars().distinct().count() == 1;
	}

	private static void put(Map<String, Object> json, String name, @Nullable Object value) {
		if (value != null) {
			json.put(name, value);
		}
	}

}
