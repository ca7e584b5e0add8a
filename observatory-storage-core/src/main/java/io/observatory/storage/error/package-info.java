/**
 * What can go wrong, as unchecked exceptions.
 */
@NullMarked
package io.observatory.storage.error;

import org.jspecify.annotations.NullMarked;
