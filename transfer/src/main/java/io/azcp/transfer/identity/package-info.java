/**
 * Who this process is to Azure: tokens of Microsoft Entra ID from a workload identity, a service
 * principal, a managed identity or the {@code az} CLI, found in a documented order and renewed
 * before they expire. Knows no blob and no socket: requests go through {@link
 * io.azcp.transfer.identity.TokenHttp}. A command that has a key or a SAS loads what names an
 * identity, and nothing that asks for one.
 */
package io.azcp.transfer.identity;
