package io.observatory.storage.sample.llm;

import io.observatory.storage.llm.ContentPart;
import io.observatory.storage.llm.MediaSource;
import org.jspecify.annotations.Nullable;

/**
 * A part of a multimodal input: of type {@code text} with a text, or of type
 * {@code image} or {@code audio} with a URL or base64.
 */
record InputPart(@Nullable Type type, @Nullable String text, @Nullable String url, @Nullable String base64,
		@Nullable String mimeType) {

	ContentPart toPart() {
		if (this.type == null) {
			throw new IllegalArgumentException("input.parts.type is required");
		}
		return switch (this.type) {
			case TEXT -> toText();
			case IMAGE -> new ContentPart.Image(source());
			case AUDIO -> new ContentPart.Audio(source());
		};
	}

	private ContentPart.Text toText() {
		if (this.text == null) {
			throw new IllegalArgumentException("input.parts.text is required");
		}
		return new ContentPart.Text(this.text);
	}

	private MediaSource source() {
		return new MediaSource(this.url, this.base64, this.mimeType);
	}

	enum Type {

		TEXT, IMAGE, AUDIO

	}

}
