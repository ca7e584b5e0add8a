/**
 * The settings of the writers, and a pool for programs without Spring.
 */
@NullMarked
package io.observatory.storage.config;

import org.jspecify.annotations.NullMarked;
