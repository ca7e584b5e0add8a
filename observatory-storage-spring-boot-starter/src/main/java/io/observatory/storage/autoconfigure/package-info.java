/**
 * The wiring: properties and one auto-configuration a concern.
 */
@NullMarked
package io.observatory.storage.autoconfigure;

import org.jspecify.annotations.NullMarked;
