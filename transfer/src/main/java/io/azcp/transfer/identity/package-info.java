/**
 * Who this process is to Azure: tokens of Microsoft Entra ID from a workload identity, a service
 * principal, a managed identity or the {@code az} CLI, found in a documented order and renewed
 * before they expire. Knows no blob and no socket: requests go through {@link
 * io.azcp.transfer.identity.TokenHttp}. Nothing here is loaded by a command that has a key or a
 * SAS.
 */
package io.azcp.transfer.identity;
