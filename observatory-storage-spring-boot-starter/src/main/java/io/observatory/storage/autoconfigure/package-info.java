/**
 * The properties and the auto-configurations.
 */
@NullMarked
package io.observatory.storage.autoconfigure;

import org.jspecify.annotations.NullMarked;
