/**
 * What a call used, and what that cost.
 */
@NullMarked
package io.observatory.storage.llm.price;

import org.jspecify.annotations.NullMarked;
