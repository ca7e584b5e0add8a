package io.observatory.storage.capture.ai;

import io.observatory.storage.llm.AttributeNames;

/**
 * How to capture.
 *
 * @param serviceName the service of spans without a tracer
 * @param names which names to use for what has two
 * @param content whether to store what people, models and tools said
 * @param maxContentLength the most characters of it in one attribute
 */
public record CaptureSettings(String serviceName, AttributeNames names, boolean content, int maxContentLength) {

}
