/**
 * What the tests share.
 */
@NullMarked
package io.observatory.storage.testing;

import org.jspecify.annotations.NullMarked;
