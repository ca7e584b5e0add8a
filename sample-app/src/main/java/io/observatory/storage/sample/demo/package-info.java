/**
 * The built-in demo load.
 */
@NullMarked
package io.observatory.storage.sample.demo;

import org.jspecify.annotations.NullMarked;
