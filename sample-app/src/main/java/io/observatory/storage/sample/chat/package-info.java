/**
 * A small Spring AI chat with tools, with a model whose answers are made up.
 */
@NullMarked
package io.observatory.storage.sample.chat;

import org.jspecify.annotations.NullMarked;
