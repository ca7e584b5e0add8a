/**
 * What the tests break things with, and the tests of what is promised when they break.
 */
package io.observatory.storage.fault;
