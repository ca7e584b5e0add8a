package io.observatory.storage.capture.ai;

import java.util.List;

import org.springframework.ai.model.tool.ToolCallingChatOptions;

/**
 * The tools that a model may call.
 */
final class ToolNames {

	private ToolNames() {
	}

	static List<String> of(ToolCallingChatOptions options) {
		return options.getToolCallbacks()
			.stream()
			.map((tool) -> tool.getToolDefinition().name())
			.distinct()
			.sorted()
			.toList();
	}

}
