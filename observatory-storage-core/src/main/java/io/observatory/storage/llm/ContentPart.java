package io.observatory.storage.llm;

import io.observatory.storage.model.Check;

/**
 * A part of a {@link LlmInput.Multimodal} input. {@code toString()} shows the type alone.
 */
public sealed interface ContentPart {

	/**
	 * Text.
	 *
	 * @param text the text
	 */
	record Text(String text) implements ContentPart {

		/**
		 * Checks that the text is there.
		 * @throws NullPointerException when it is not
		 */
		public Text {
			Check.required(text, "ContentPart.Text", "text");
		}

		@Override
		public String toString() {
			return "ContentPart.Text";
		}

	}

	/**
	 * An image.
	 *
	 * @param source where it is
	 */
	record Image(MediaSource source) implements ContentPart {

		/**
		 * Checks that the source is there.
		 * @throws NullPointerException when it is not
		 */
		public Image {
			Check.required(source, "ContentPart.Image", "source");
		}

		@Override
		public String toString() {
			return "ContentPart.Image";
		}

	}

	/**
	 * Sound.
	 *
	 * @param source where it is
	 */
	record Audio(MediaSource source) implements ContentPart {

		/**
		 * Checks that the source is there.
		 * @throws NullPointerException when it is not
		 */
		public Audio {
			Check.required(source, "ContentPart.Audio", "source");
		}

		@Override
		public String toString() {
			return "ContentPart.Audio";
		}

	}

}
