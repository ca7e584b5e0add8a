/**
 * What capture costs an application.
 */
@NullMarked
package io.observatory.storage.bench;

import org.jspecify.annotations.NullMarked;
