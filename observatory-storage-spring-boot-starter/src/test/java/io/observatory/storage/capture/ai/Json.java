package io.observatory.storage.capture.ai;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON in tests.
 */
final class Json {

	private Json() {
	}

	static JsonNode tree(String json) {
		return JsonMapper.shared().readTree(json);
	}

}
