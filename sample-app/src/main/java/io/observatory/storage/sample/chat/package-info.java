/**
 * A small Spring AI chat with tools, against a model that answers by itself.
 */
@NullMarked
package io.observatory.storage.sample.chat;

import org.jspecify.annotations.NullMarked;
