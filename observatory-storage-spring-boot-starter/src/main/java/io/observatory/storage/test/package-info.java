/**
 * For the tests of applications: what would be stored, without a database.
 */
@NullMarked
package io.observatory.storage.test;

import org.jspecify.annotations.NullMarked;
