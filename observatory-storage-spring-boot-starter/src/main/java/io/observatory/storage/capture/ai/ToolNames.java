package io.observatory.storage.capture.ai;

import java.util.List;

import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;

/**
 * The tools that a model may call.
 */
final class ToolNames {

	private ToolNames() {
	}

	static List<String> of(ToolCallingChatOptions options) {
		List<ToolCallback> tools = options.getToolCallbacks();
		if (tools == null || tools.isEmpty()) {
			return List.of();
		}
		return tools.stream().map((tool) -> tool.getToolDefinition().name()).distinct().sorted().toList();
	}

}
