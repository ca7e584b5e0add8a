/**
 * A redactor that masks secrets and personal data by name and by pattern.
 */
@NullMarked
package io.observatory.storage.redact;

import org.jspecify.annotations.NullMarked;
