/**
 * What the mount means: names, nodes, attributes, listings, open files. Implements the port; knows
 * no binding.
 */
package io.azcp.fs.tree;
