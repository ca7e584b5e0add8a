package io.observatory.storage.capture.ai;

import io.observatory.storage.llm.name.AttributeNames;

/**
 * The settings of the capture.
 *
 * @param serviceName the service of spans without a tracer
 * @param names which names to use for attributes that have two
 * @param content whether to store what people, models and tools said
 * @param maxContentLength the maximum number of characters of content in one attribute
 */
public record CaptureSettings(String serviceName, AttributeNames names, boolean content, int maxContentLength) {

}
