/** Patterns of names, as options and configuration keys take them. */
package io.azcp.base.glob;
