/**
 * The writers, which applications use.
 */
@NullMarked
package io.observatory.storage.writer;

import org.jspecify.annotations.NullMarked;
