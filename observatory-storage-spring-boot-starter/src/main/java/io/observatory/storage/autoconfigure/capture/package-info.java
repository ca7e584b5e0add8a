/**
 * What the starter captures by itself: its properties, and an auto-configuration for each
 * source.
 */
@NullMarked
package io.observatory.storage.autoconfigure.capture;

import org.jspecify.annotations.NullMarked;
