/**
 * Secrets in a text: one masker for each way to know them.
 */
@NullMarked
package io.observatory.storage.redact.text;

import org.jspecify.annotations.NullMarked;
