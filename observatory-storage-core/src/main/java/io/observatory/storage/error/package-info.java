/**
 * The exceptions that writers throw. All are unchecked.
 */
@NullMarked
package io.observatory.storage.error;

import org.jspecify.annotations.NullMarked;
