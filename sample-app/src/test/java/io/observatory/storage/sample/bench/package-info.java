/**
 * The benchmark of the pages.
 */
package io.observatory.storage.sample.bench;
