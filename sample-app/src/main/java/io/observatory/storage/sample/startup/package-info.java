/**
 * What keeps the application from starting: found out early, and said with what to do
 * about it.
 */
@NullMarked
package io.observatory.storage.sample.startup;

import org.jspecify.annotations.NullMarked;
