/**
 * Lists as files: calls, conversations and traces as CSV or JSON lines, row by row as the
 * database gives them.
 */
@NullMarked
package io.observatory.storage.sample.pages.export;

import org.jspecify.annotations.NullMarked;
