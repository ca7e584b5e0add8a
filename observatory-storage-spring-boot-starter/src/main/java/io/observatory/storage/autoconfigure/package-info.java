/**
 * The properties and the auto-configurations of the writers and what belongs to them.
 */
@NullMarked
package io.observatory.storage.autoconfigure;

import org.jspecify.annotations.NullMarked;
