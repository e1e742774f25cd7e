/**
 * What crosses modules: the arrows between them, real mounts started as a user starts them, kills,
 * outages, bad input. Only test code lives here.
 */
package io.azcp.tests;
