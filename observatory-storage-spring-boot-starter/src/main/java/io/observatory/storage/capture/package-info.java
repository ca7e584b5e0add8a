/**
 * What an application emits anyway, taken where it is emitted; one package a library, and
 * here what they have in common.
 */
@NullMarked
package io.observatory.storage.capture;

import org.jspecify.annotations.NullMarked;
